"""Which doctor attends: one of the department who is on duty at the time."""

import numpy as np
import polars as pl

from hospital_assets.simulation.chance.draws import Bits, Integers, below
from hospital_assets.simulation.dates import MINUTES_PER_DAY, day_of
from hospital_assets.simulation.parameters import SHIFT_PATTERN_FREE, Parameters
from hospital_assets.simulation.staff.posts import DOCTOR


class Duty:
    """The doctors on duty by day, department and watch.

    The watches are the shifts of the cover cycle, of which every department always has a senior
    doctor. What happens before the first watch of a day is the first watch's. `shifts` has the
    columns work_date, staff_id, department, role, starts_at and ends_at of `staff_assignments`.
    """

    def __init__(self, parameters: Parameters, shifts: pl.DataFrame) -> None:
        self._names = [one.name for one in parameters.departments]
        staffing = parameters.staffing
        cover = next(one for one in staffing.cycles if one.name == staffing.cover_cycle)
        watches = sorted(
            (shift.start_hour * 60, min((shift.start_hour + shift.hours) * 60, MINUTES_PER_DAY))
            for shift in staffing.shifts
            if shift.letter in set(cover.pattern) - {SHIFT_PATTERN_FREE}
        )
        self._begins = np.array([begin for begin, _ in watches])
        doctors = shifts.filter(pl.col("role") == DOCTOR)
        day = doctors["work_date"].cast(pl.Int32).cast(pl.Int64).to_numpy()
        numbers = pl.DataFrame({"department": self._names, "number": np.arange(len(self._names))})
        department = (
            doctors.select(pl.col("department").cast(pl.String))
            .join(numbers, on="department", how="left", maintain_order="left")["number"]
            .to_numpy()
        )
        starts, ends = (_minutes(doctors[name]) - day * MINUTES_PER_DAY for name in _HOURS)
        doctor = doctors["staff_id"].to_numpy()
        keys, who = [], []
        for watch, (begin, end) in enumerate(watches):
            covers = (starts <= begin) & (ends >= end)
            keys.append(self._key(day[covers], department[covers], watch))
            who.append(doctor[covers])
        key, doctor = np.concatenate(keys), np.concatenate(who)
        order = np.lexsort((doctor, key))
        self._keys, self._doctors = key[order], doctor[order]

    def choose(self, bits: Bits, day: Integers, department: Integers, minute: Integers) -> Integers:
        """Return the attending doctor's id for each draw; `minute` is that of the day."""
        watch = np.maximum(np.searchsorted(self._begins, minute, "right") - 1, 0)
        key = self._key(day, department, watch)
        low = np.searchsorted(self._keys, key, "left")
        count = np.searchsorted(self._keys, key, "right") - low
        if len(count) and count.min() == 0:
            nobody = int(count.argmin())
            raise ValueError(
                f"staff_assignments of {day_of(day[nobody])} has no doctor on duty in"
                f" {self._names[department[nobody]]}"
            )
        attending: Integers = self._doctors[low + below(bits, count)]
        return attending

    def _key(self, day: Integers, department: Integers, watch: Integers | int) -> Integers:
        return (day * len(self._names) + department) * len(self._begins) + watch


_HOURS = ("starts_at", "ends_at")


def _minutes(instants: pl.Series) -> Integers:
    """Return instants as minute numbers."""
    return instants.dt.epoch("s").to_numpy() // 60
