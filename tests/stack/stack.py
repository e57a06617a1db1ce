"""The composed hospital as its users see it: through SQL, Kafka and the commands."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.stack.container import Container
from tests.stack.project import Project

SLOTS_PER_DAY, TRANSFERS_PER_SLOT = 5, 3
TRANSFERS_PER_DAY = SLOTS_PER_DAY * TRANSFERS_PER_SLOT


@dataclass(frozen=True)
class Stack:
    """A running project, and the checkout that it was started from."""

    project: Project
    checkout: Path

    def __getitem__(self, name: str) -> Container:
        return self.project[name]

    def secret(self, name: str) -> str:
        """Return one of the passwords that `hospital init` has made."""
        return (self.checkout / "deploy" / "secrets" / name).read_text(encoding="utf-8").strip()

    def connect(self, user: str, secret: str) -> psycopg.Connection[Any]:
        """Open a connection to the hospital's database."""
        return psycopg.connect(
            host=self.project.network.address("postgres"),
            user=user,
            password=self.secret(secret),
            dbname="hospital",
            autocommit=True,
        )

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Return what the database answers to the user who may read everything."""
        with self.connect("viewer_ro", "viewer_password") as connection:
            return connection.execute(query).fetchall()  # type: ignore[arg-type]

    def slots(self) -> int:
        """Return how many slots of transfers have landed."""
        ((count,),) = self.ask(
            "SELECT count(DISTINCT (transfer_date, slot)) FROM hospital.transfers"
        )
        return int(count)

    def days(self) -> int:
        """Return how many days the mart has."""
        ((count,),) = self.ask("SELECT count(DISTINCT flow_date) FROM hospital.patient_flow")
        return int(count)

    def span(self) -> int:
        """Return how many days lie between the first and the last in the mart, both included."""
        ((days,),) = self.ask(
            "SELECT max(flow_date) - min(flow_date) + 1 FROM hospital.patient_flow"
        )
        return int(days)
