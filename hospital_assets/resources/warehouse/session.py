"""Sessions with PostgreSQL: every wait in one has a bound, and says who is waited for."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from hospital_assets.errors import one_line
from hospital_assets.resources.warehouse.loading import Connection

READ_LOCK_SECONDS = 60
# Loads of the same month, and those that attach a month, wait for each other.
WRITE_LOCK_SECONDS = 300
STATEMENT_SECONDS = 3600
_LOOK_SECONDS = 10.0
_CONNECT_SECONDS = 10
_MOST_SHOWN = 3

# The time of a session of another user is for nobody else to see.
_IN_THE_WAY = """
SELECT pid, coalesce(nullif(application_name, ''), backend_type, 'a program without a name'),
       to_char(xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'),
       (SELECT coalesce(min(relation::regclass::text), 'a lock of ours')
        FROM pg_locks WHERE pid = %(waiting)s AND NOT granted)
FROM pg_stat_activity WHERE pid = ANY(pg_blocking_pids(%(waiting)s))
ORDER BY xact_start, pid
"""
# What Dagster does to its tables is stopped by these modes alone.
_LOCKED = """
SELECT pid, coalesce(nullif(application_name, ''), backend_type, 'a program without a name'),
       to_char(xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'), relation::regclass::text
FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE granted AND relation IS NOT NULL AND pid <> pg_backend_pid()
AND mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
ORDER BY xact_start, pid
"""

_log = logging.getLogger(__name__)


class HeldUpError(psycopg.errors.LockNotAvailable):
    """Another session holds what a statement needs; the message says which, and what to do."""


@contextmanager
def session(
    url: str,
    application: str,
    *,
    autocommit: bool = False,
    lock_seconds: int = READ_LOCK_SECONDS,
    idle_seconds: int = 0,
) -> Iterator[Connection]:
    """Give a connection on which no statement waits for ever.

    The CSV form is fixed: a server's own date style or encoding must not reach it. While a
    statement waits for another session, a warning says for which. Raises HeldUpError once it has
    waited for `lock_seconds`; a transaction that is idle for `idle_seconds` is ended.
    """
    with psycopg.connect(
        url,
        autocommit=autocommit,
        connect_timeout=_CONNECT_SECONDS,
        application_name=application,
        client_encoding="utf8",
        options=(
            f"-c datestyle=ISO,YMD -c timezone=UTC {bounds(lock_seconds)} "
            f"-c idle_in_transaction_session_timeout={idle_seconds}s"
        ),
    ) as connection:
        watch = _Watch(url, connection.info.backend_pid)
        try:
            with watch:
                yield connection
        except psycopg.errors.LockNotAvailable as error:
            raise HeldUpError(held_up(watch.in_the_way, lock_seconds)) from error


def bounds(lock_seconds: int) -> str:
    """Return PostgreSQL's options by which no statement waits for ever."""
    return f"-c lock_timeout={lock_seconds}s -c statement_timeout={STATEMENT_SECONDS}s"


def held_up(in_the_way: str, lock_seconds: int) -> str:
    """Return what to say once a statement has waited long enough."""
    who = in_the_way or "another session holds what it needs"
    return f"{who}; gave up after {lock_seconds} s"


def who_locks(url: str) -> str:
    """Return who has locked tables of a database against others; empty if nobody or unknown."""
    return _told(url, _LOCKED, None)


class _Watch:
    """Looks every ten seconds whether a session waits for another one, and says so once."""

    def __init__(self, url: str, waiting: int) -> None:
        self._url, self._waiting = url, waiting
        self._over = threading.Event()
        self.in_the_way = ""

    def __enter__(self) -> None:
        threading.Thread(target=self._look, daemon=True).start()

    def __exit__(self, *_: object) -> None:
        self._over.set()

    def _look(self) -> None:
        while not self._over.wait(_LOOK_SECONDS):
            found = _told(self._url, _IN_THE_WAY, self._waiting)
            if found and found != self.in_the_way:
                _log.warning("waiting: %s", found)
            self.in_the_way = found or self.in_the_way


def _told(url: str, query: str, waiting: int | None) -> str:
    try:
        with psycopg.connect(
            url,
            connect_timeout=_CONNECT_SECONDS,
            application_name="hospital watch",
            # With no other schema in its path a table is told with its schema.
            options=f"{bounds(1)} -c search_path=pg_catalog",
        ) as connection:
            rows = connection.execute(query.encode(), {"waiting": waiting}).fetchall()
    except psycopg.Error as error:
        _log.debug("can't see who is in the way: %s", one_line(error))
        return ""
    return "; ".join(_holder(*row) for row in rows[:_MOST_SHOWN])


def _holder(pid: int, application: str, since: str | None, what: str) -> str:
    begun = f" since {since} UTC" if since else ""
    return (
        f"{what} is held by process {pid} of the server ({application}){begun}:"
        f" end its transaction, or SELECT pg_terminate_backend({pid})"
    )
