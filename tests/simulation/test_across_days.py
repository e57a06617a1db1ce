"""What holds over the whole period: beds, persons and posts."""

import numpy as np
import pytest
from hospital_assets.simulation.people.population import INPATIENTS, STAFF, STRATA, Stratum, rank_of

from hospital_assets.simulation import Hospital
from hospital_assets.simulation.dates import MINUTES_PER_DAY, add_years, completed_years, day_number
from hospital_assets.simulation.skeleton import Skeleton


@pytest.fixture(scope="module")
def skeleton(full: Hospital) -> Skeleton:
    return full.skeleton


@pytest.fixture(scope="module")
def period(full: Hospital) -> tuple[int, int]:
    """The first and the last day of the period, as numbers."""
    return day_number(full.period.first_day), day_number(full.period.last_day)


def test_no_bed_has_two_patients(skeleton: Skeleton) -> None:
    stays = skeleton.stays
    order = np.lexsort((stays.admitted, stays.bed))
    same_bed = np.diff(stays.bed[order]) == 0
    gap = stays.admitted[order][1:] - stays.discharged[order][:-1]
    assert gap[same_bed].min() >= skeleton.parameters.stays.minimum_gap_minutes
    assert (stays.discharged - stays.admitted).min() >= 120


def test_nobody_is_in_two_stays_at_once(skeleton: Skeleton) -> None:
    """A returning patient's visit to the emergency department has room before the next stay."""
    stays = skeleton.stays
    order = np.lexsort((stays.admitted, skeleton.patient))
    same_person = np.diff(skeleton.patient[order]) == 0
    home = stays.admitted[order][1:] - stays.discharged[order][:-1]
    assert same_person.sum() > 10_000
    assert home[same_person].min() >= MINUTES_PER_DAY


def test_the_dead_never_come_back(skeleton: Skeleton) -> None:
    stays = skeleton.stays
    order = np.lexsort((stays.admitted, skeleton.patient))
    same_person = np.diff(skeleton.patient[order]) == 0
    assert not stays.died[order][:-1][same_person].any()
    assert 2_000 < stays.died.sum() < len(stays) * 0.03


def test_patients_fit_the_ages_and_sex_of_their_department(skeleton: Skeleton) -> None:
    """At the first stay of a chain; a patient who returns may have had a birthday."""
    stays, departments = skeleton.stays, skeleton.parameters.departments
    age = completed_years(
        skeleton.people.date_of_birth(skeleton.patient), stays.admitted // MINUTES_PER_DAY
    )
    for number, department in enumerate(departments):
        inside = stays.department == number
        if inside.any():
            assert age[inside].min() >= department.min_age
            assert age[inside].max() <= department.max_age + 1
            assert (age[inside] > department.max_age).mean() < 0.02
            women = (skeleton.patient[inside] >> 23 == 0).mean()
            assert women == pytest.approx(department.female_share, abs=0.03)


def test_staff_and_inpatients_are_of_groups_of_their_own(skeleton: Skeleton) -> None:
    for persons, stratum in ((skeleton.holders.person, STAFF), (skeleton.patient, INPATIENTS)):
        place = rank_of(persons) % STRATA
        assert within(stratum, place).all()
    visits = skeleton.attendances.between(*(day_number(d) for d in _month(skeleton)))
    own = visits.person[visits.stay < 0]
    place = rank_of(own) % STRATA
    assert not within(STAFF, place).any()
    assert not within(INPATIENTS, place).any()


def within(stratum: Stratum, place: np.ndarray) -> np.ndarray:
    return (place >= stratum.first) & (place < stratum.first + stratum.width)


def _month(skeleton: Skeleton) -> tuple:
    first = skeleton.parameters.period.first_day
    return first, first.replace(day=31)


def test_three_discharges_a_slot_are_transfers_every_day(
    skeleton: Skeleton, period: tuple[int, int]
) -> None:
    first, last = period
    chosen = skeleton.transfer_slot > 0
    left = skeleton.stays.discharged[chosen]
    day, minute = np.divmod(left, MINUTES_PER_DAY)
    slot = skeleton.transfer_slot[chosen]
    assert np.array_equal(slot, minute // (MINUTES_PER_DAY // 5) + 1)
    counts = np.bincount((day - first) * 5 + slot - 1, minlength=(last - first + 1) * 5)
    assert counts.tolist() == [3] * ((last - first + 1) * 5)
    assert not skeleton.stays.died[chosen].any()


def test_posts_are_filled_every_day(skeleton: Skeleton, period: tuple[int, int]) -> None:
    holders = skeleton.holders
    starts = np.flatnonzero(np.diff(holders.post, prepend=-1))
    ends = np.append(starts[1:], len(holders.post)) - 1
    assert np.array_equal(holders.post[starts], np.arange(len(skeleton.posts)))
    assert (holders.first_day[starts] <= period[0]).all()
    assert (holders.last_day[ends] >= period[1]).all()
    handed_over = np.diff(holders.post) == 0
    begins, ended = holders.first_day[1:][handed_over], holders.last_day[:-1][handed_over]
    assert np.array_equal(begins, ended + 1)
    assert len(begins) > 1000


def test_staff_leave_at_65_and_the_post_is_filled_the_next_day(
    skeleton: Skeleton, period: tuple[int, int]
) -> None:
    holders = skeleton.holders
    birthday = add_years(skeleton.people.date_of_birth(holders.person), 65)
    assert (holders.last_day < birthday).all()
    retired = np.flatnonzero((holders.last_day + 1 == birthday) & (holders.last_day < period[1]))
    assert len(retired) > 100
    assert np.array_equal(holders.post[retired + 1], holders.post[retired])
    assert np.array_equal(holders.first_day[retired + 1], birthday[retired])
    assert (holders.person[retired + 1] != holders.person[retired]).all()


def test_nobody_holds_two_posts_and_every_holder_is_qualified(skeleton: Skeleton) -> None:
    holders, staffing = skeleton.holders, skeleton.parameters.staffing
    assert len(np.unique(holders.person)) == len(holders.person)
    assert len(np.unique(holders.staff)) == len(holders.staff)
    assert (holders.qualified < holders.hired).all()
    assert (holders.hired <= holders.first_day).all()
    role = skeleton.posts.role[holders.post]
    needed = np.array([one.senior_years for one in staffing.roles])[role]
    service = completed_years(holders.qualified, holders.first_day)
    senior = skeleton.posts.senior[holders.post]
    assert (service[senior] >= needed[senior]).all()


def test_the_posts_are_those_of_the_brief(skeleton: Skeleton) -> None:
    """The brief's hospital in numbers: who changes its posts in configs/ changes them here too."""
    roles = [role.name for role in skeleton.parameters.staffing.roles]
    count = dict(zip(roles, np.bincount(skeleton.posts.role).tolist(), strict=True))
    assert (count["doctor"], count["nurse"], count["allied_health"]) == (759, 2187, 552)
    assert count["administration"] + count["support"] == 1397
