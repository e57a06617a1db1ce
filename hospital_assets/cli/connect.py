"""The command that tells people and programs where the hospital's data can be read."""

import shlex
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from hospital_assets.cli.errors import CommandError
from hospital_assets.cli.machine_readable import as_json_text

if TYPE_CHECKING:
    from hospital_assets.operations.connections import Connections


def register(app: typer.Typer) -> None:
    """Add the command of this module to the application."""
    app.command()(connect)


def _option(name: str, text: str) -> object:
    return typer.Option(f"--{name}", help=text)


def connect(
    env: Annotated[bool, _option("env", "Variables for psql and all of libpq, to eval.")] = False,
    dsn: Annotated[bool, _option("dsn", "PostgreSQL's URL, with the password.")] = False,
    pgpass: Annotated[bool, _option("pgpass", "The line of a ~/.pgpass file.")] = False,
    dbt: Annotated[bool, _option("dbt", "A profiles.yml of dbt, without the password.")] = False,
    kafka: Annotated[bool, _option("kafka", "A Kafka client's properties.")] = False,
    duckdb: Annotated[bool, _option("duckdb", "Views of the lake, as SQL of DuckDB.")] = False,
    as_json: Annotated[bool, _option("json", "Everything, with the password.")] = False,
    owner: Annotated[
        bool, _option("owner", "The login that owns the tables, in place of one that only reads.")
    ] = False,
) -> None:
    """Say how to reach PostgreSQL, Kafka and the lake from another program."""
    forms: dict[Callable[[Connections], str], bool] = {
        _env: env, _dsn: dsn, _pgpass: pgpass, _dbt: dbt, _kafka: kafka, _duckdb: duckdb,
        _json: as_json,
    }  # fmt: skip
    asked = [form for form, wanted in forms.items() if wanted]
    if len(asked) > 1:
        raise CommandError("connect: one form at a time, such as --env or --kafka")
    from hospital_assets.configuration.settings import load_settings
    from hospital_assets.operations.connections import connections, servers_stay

    settings = load_settings()
    found = connections(settings, as_owner=owner)
    if asked:
        typer.echo(asked[0](found))
    else:
        Console(highlight=False).print(_table(found), soft_wrap=True)
    if not servers_stay(settings):
        typer.echo(
            "PostgreSQL and Kafka end with this command, since nothing else uses them:"
            " `hospital up` keeps them there, at these addresses",
            err=True,
        )


def _table(found: "Connections") -> Table:
    database = found.database
    table = Table.grid(padding=(0, 2))
    table.add_row(
        "PostgreSQL",
        f"{database.host}:{database.port}, database {database.database}, schema {database.schema},"
        f" user {database.user}",
    )
    table.add_row("  psql", 'eval "$(.venv/bin/hospital connect --env)"; psql')
    table.add_row("  password", ".venv/bin/hospital connect --pgpass >> ~/.pgpass")
    table.add_row(
        "Kafka", f"{found.kafka.bootstrap_servers}, topics {', '.join(found.kafka.topics)}"
    )
    table.add_row("Lake", found.lake)
    table.add_row(
        "  DuckDB", ".venv/bin/hospital connect --duckdb > lake.sql; duckdb -init lake.sql"
    )
    return table


def _env(found: "Connections") -> str:
    database = found.database
    variables = database.environment | {"PGOPTIONS": f"-c search_path={database.schema}"}
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in variables.items())


def _dsn(found: "Connections") -> str:
    return found.database.dsn


def _pgpass(found: "Connections") -> str:
    return found.database.pgpass


def _dbt(found: "Connections") -> str:
    database = found.database
    return "\n".join(
        [
            "# The password comes from the environment: hospital connect --env sets PGPASSWORD.",
            "hospital:",
            "  target: dev",
            "  outputs:",
            "    dev:",
            "      type: postgres",
            f"      host: {database.host}",
            f"      port: {database.port}",
            f"      dbname: {database.database}",
            f"      user: {database.user}",
            "      password: \"{{ env_var('PGPASSWORD') }}\"",
            "      schema: analytics",
            "      threads: 2",
        ]
    )


def _kafka(found: "Connections") -> str:
    return "\n".join(
        [
            f"bootstrap.servers={found.kafka.bootstrap_servers}",
            f"security.protocol={found.kafka.security_protocol}",
            f"# The topics: {', '.join(found.kafka.topics)}",
        ]
    )


def _duckdb(found: "Connections") -> str:
    from hospital_assets.registry import IN_BATCH_LAKE

    return "\n".join(
        f"CREATE OR REPLACE VIEW {row.name} AS SELECT * FROM "  # noqa: S608
        f"read_parquet('{_quoted(found.lake)}/batch/{row.name}/parquet/*.parquet');"
        for row in IN_BATCH_LAKE
    )


def _json(found: "Connections") -> str:
    return as_json_text(found)


def _quoted(text: str) -> str:
    return text.replace("'", "''")
