# Stands in for dpage/pgadmin4, as its page describes it: user 5050 of the group root, a first start
# that makes the login, the servers and the user's own pgpass from variables and files.
FROM hospital-stand-in/debian
COPY requirements.txt /tmp/
RUN python3 -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --require-hashes --no-deps --requirement /tmp/requirements.txt \
    && ln -s /venv/lib/python3*/site-packages/pgadmin4 /pgadmin4 \
    && useradd --uid 5050 --gid 0 --no-create-home pgadmin \
    && install -d -m 775 -o 5050 -g 0 /var/lib/pgadmin /run/pgadmin
COPY pgadmin_application.py /pgadmin4/
COPY --chmod=755 pgadmin.sh /entrypoint.sh
ENV PYTHONPATH=/pgadmin4 CONFIG_DISTRO_FILE_PATH=/pgadmin4/config_distro.py
VOLUME /var/lib/pgadmin
USER 5050
WORKDIR /pgadmin4
ENTRYPOINT ["/entrypoint.sh"]
