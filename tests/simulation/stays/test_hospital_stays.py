"""All stays of a hospital: one after the other, and beside what is published."""

from datetime import date

import numpy as np
import pytest

from hospital_assets.simulation.dates import day_number
from hospital_assets.simulation.stays.bed_allocation import NOT_ADMITTED, BedTimes
from hospital_assets.simulation.stays.hospital_stays import HospitalStays
from hospital_assets.simulation.stays.model import StayModel
from hospital_assets.simulation.stays.timelines import Timelines
from tests.simulation.stays import stay_files

DAY = 1440
FIRST, LAST = (day_number(date(2023, month, day)) for month, day in ((1, 1), (12, 31)))


def census(beds: BedTimes, rows: np.ndarray) -> np.ndarray:
    """Return how many of these are in a bed at each midnight of the year."""
    midnights = np.arange(FIRST, LAST + 1) * DAY
    come = np.searchsorted(np.sort(beds.begin[rows]), midnights, side="right")
    return come - np.searchsorted(np.sort(beds.end[rows]), midnights, side="right")


def admitted_in(stays: HospitalStays, last: int = LAST) -> np.ndarray:
    """Return the rows of the stays admitted in the year, up to the last day."""
    return np.flatnonzero((stays.admitted >= FIRST * DAY) & (stays.admitted < (last + 1) * DAY))


def autocorrelation(series: np.ndarray) -> float:
    series = series - series.mean()
    return float((series[1:] * series[:-1]).mean() / series.var())


def test_a_longer_period_changes_nothing_before_its_end(small_stays: HospitalStays) -> None:
    longer = stay_files.stays("small", date(2023, 1, 1), date(2024, 4, 30))
    end = (LAST + 1) * DAY
    before, after = small_stays.timelines.arrived < end, longer.timelines.arrived < end
    for name in Timelines.__dataclass_fields__:
        if name == "root_row":
            continue
        short, long = getattr(small_stays.timelines, name), getattr(longer.timelines, name)
        assert np.array_equal(short[..., before], long[..., after]), name
    for name in ("persons", "transfer_slots", "admitted"):
        short, long = getattr(small_stays, name), getattr(longer, name)
        assert np.array_equal(short[before], long[after]), name
    begun, then = small_stays.beds.begin < end, longer.beds.begin < end
    for name in ("bed", "pool", "begin"):
        short, long = getattr(small_stays.beds, name), getattr(longer.beds, name)
        assert np.array_equal(short[begun], long[then]), name


def test_nobody_is_in_two_stays_at_once(full_stays: HospitalStays) -> None:
    stays, persons = full_stays.timelines, full_stays.persons
    order = np.lexsort((stays.arrived, persons))
    same = persons[order][1:] == persons[order][:-1]
    between = stays.arrived[order][1:] - stays.end[order][:-1]
    assert between[same].min() > 0


def test_stays_lie_in_the_lives_of_their_persons(full_stays: HospitalStays) -> None:
    people, stays = stay_files.population("full"), full_stays.timelines
    death, birth = (
        people.deaths.days(full_stays.persons),
        people.births.of(full_stays.persons)[0],
    )
    assert (birth <= stays.arrived // DAY).all()
    assert (stays.end // DAY <= death).all()
    within = stays.died & (stays.end < (LAST + 1) * DAY)
    assert np.array_equal(stays.end[within] // DAY, death[within])


def test_every_slot_has_its_three_transfers(full_stays: HospitalStays) -> None:
    chosen = full_stays.transfer_slots >= 0
    ends = full_stays.timelines.end[chosen]
    slot = ends // 288 - FIRST * 5
    assert np.array_equal(slot % 5, full_stays.transfer_slots[chosen])
    counts = np.bincount(slot[(slot >= 0) & (slot < 365 * 5)], minlength=365 * 5)
    assert (counts == 3).all()


def test_the_hospital_is_as_full_as_hospitals_are(
    full_model: StayModel, full_stays: HospitalStays
) -> None:
    full = census(full_stays.beds, np.arange(len(full_stays.beds.stay)))
    occupancy = full / full_model.pools.sizes.sum()
    assert 0.85 < occupancy.mean() < 0.92
    assert occupancy.max() < 1
    of_week = np.array([full[day::7].mean() for day in range(7)])
    assert autocorrelation(full - of_week[np.arange(len(full)) % 7]) > 0.7


def test_christmas_empties_beds(full_stays: HospitalStays) -> None:
    full = census(full_stays.beds, np.arange(len(full_stays.beds.stay)))
    november = full[day_number(date(2023, 11, 1)) - FIRST :][:30].mean()
    christmas = full[day_number(date(2023, 12, 24)) - FIRST :][:8].mean()
    assert 0.85 < christmas / november < 0.97


def test_stays_last_and_end_as_published(full_model: StayModel, full_stays: HospitalStays) -> None:
    rows, stays = admitted_in(full_stays, LAST - 60), full_stays.timelines
    days = (stays.end[rows] - full_stays.admitted[rows]) / DAY
    assert 4.2 < days.mean() < 4.8
    assert 5.7 < days.std() < 7.4
    assert 2.3 < np.median(days) < 3.0
    per_day = len(rows) / (365 - 60)
    assert 222 < per_day < 252
    medicine = stays.pool[rows] == full_model.pools.names.index("Medicine")
    assert 0.10 < stays.died[rows][medicine].mean() < 0.14
    assert 0.04 < stays.died[rows].mean() < 0.06


def test_moves_are_as_frequent_as_published(full_stays: HospitalStays) -> None:
    rows = admitted_in(full_stays, LAST - 60)
    beds = np.bincount(full_stays.beds.stay, minlength=len(full_stays.persons))[rows]
    # A birth that no bed was free for takes place in the labour ward.
    times = np.maximum(beds - 1, 0)
    share = np.bincount(np.minimum(times, 3), minlength=4) / len(rows)
    assert share[1] == pytest.approx(0.276, abs=0.03)
    assert share[2] == pytest.approx(0.081, abs=0.02)
    assert share[3] == pytest.approx(0.045, abs=0.015)


def test_arrivals_and_admissions_go_together_and_are_not_one(full_stays: HospitalStays) -> None:
    emergency = full_stays.timelines.route == 0
    arrived = full_stays.timelines.arrived[emergency] // DAY - FIRST
    admitted = full_stays.admitted[emergency & (full_stays.admitted != NOT_ADMITTED)] // DAY - FIRST
    series = [
        np.bincount(days[(days >= 0) & (days < 365)], minlength=365) for days in (arrived, admitted)
    ]
    assert 0.5 < np.corrcoef(series)[0, 1] < 0.99
    scatter = series[1].var() / series[1].mean()
    assert scatter > 1


@pytest.mark.parametrize("profile", ["small", "full"])
@pytest.mark.parametrize("seed", [0, 2**63 - 1])
def test_any_seed_gives_a_whole_hospital(profile: str, seed: int) -> None:
    stays = stay_files.stays(profile, date(2024, 2, 1), date(2024, 3, 15), seed)
    first, last = day_number(date(2024, 2, 1)), day_number(date(2024, 3, 15))
    slot = stays.timelines.end[stays.transfer_slots >= 0] // 288 - first * 5
    slots = (last + 1 - first) * 5
    counts = np.bincount(slot[(slot >= 0) & (slot < slots)], minlength=slots)
    assert (counts == 3).all()
    order = np.lexsort((stays.beds.begin, stays.beds.bed))
    same = stays.beds.bed[order][1:] == stays.beds.bed[order][:-1]
    assert (stays.beds.begin[order][1:] - stays.beds.end[order][:-1])[same].min() >= 30
    assert (stays.timelines.gestation >= 0).any()
