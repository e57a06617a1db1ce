"""The hospital for other programs: `from hospital_assets.api import Hospital`.

It makes records in memory. It starts no server, writes no file and doesn't import Dagster.
"""

from collections.abc import Mapping
from datetime import date
from typing import Self

import polars as pl

from hospital_assets import simulation
from hospital_assets.calendar.period import Period
from hospital_assets.configuration.hospital_files import load_parameters, load_words
from hospital_assets.configuration.settings import load_settings
from hospital_assets.errors import HospitalError
from hospital_assets.registry import REGISTRY, make_records
from hospital_assets.resources.lake.day_forms import validated


class RequestError(HospitalError):
    """There is no such record, or no record of such a day; the message says what there is."""


class Hospital:
    """The records of any day, as frames by the name of their table.

    The first call takes some seconds, since what spans days is made once for all of them.
    """

    def __init__(self, simulated: simulation.Hospital) -> None:
        self._simulated = simulated

    @classmethod
    def load(cls, profile: str | None = None, seed: int | None = None) -> Self:
        """Return the hospital of a profile (`full`, `small`) and a seed; the same gives the same.

        What is left out comes from the settings, as for the command `hospital`. Raises
        SettingsError if there is no such profile, for a seed out of range, or if a config file is
        unusable.
        """
        asked = {"profile": profile, "seed": seed}
        settings = load_settings(**{key: one for key, one in asked.items() if one is not None})
        parameters = load_parameters(settings.configs, settings.profile)
        return cls(simulation.Hospital(settings.seed, parameters, load_words()))

    @property
    def first_day(self) -> date:
        """The first day that there are records of."""
        return self._simulated.period.first_day

    @property
    def last_day(self) -> date:
        """The last day that there are records of."""
        return self._simulated.period.last_day

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of all records, each after those that it is made from."""
        return tuple(row.name for row in REGISTRY)

    def day(self, day: date, *tables: str) -> Mapping[str, pl.DataFrame]:
        """Return the rows of a day, of some tables or of all; see `between`."""
        return self.between(day, day, *tables)

    def between(self, first: date, last: date, *tables: str) -> Mapping[str, pl.DataFrame]:
        """Return the rows from a first day to a last one, of some tables or of all.

        Columns, types and order of rows are those of the lake. All rows are held in memory: go
        through a long range by months. Raises RequestError outside the period or for a name that
        is no table's.
        """
        for name in tables:
            if name not in self.tables:
                raise RequestError(f"{name!r} is no table; choose from {', '.join(self.tables)}")
        if not self.first_day <= first <= last <= self.last_day:
            raise RequestError(
                f"{first} to {last} is no range of days within {self._simulated.period}"
            )
        wanted = tables or self.tables
        frames = make_records(self._simulated, Period(first, last), wanted)
        return {
            row.name: validated(row.contract, frames[row.name])
            for row in REGISTRY
            if row.name in wanted
        }
