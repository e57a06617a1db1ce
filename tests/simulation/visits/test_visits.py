"""Visits: who comes where and when, and nobody in two places."""

from datetime import date
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from hospital_assets.simulation.dates import day_number, weekday
from hospital_assets.simulation.holidays import is_holiday
from hospital_assets.simulation.stays.presence import Presence
from hospital_assets.simulation.visits.clinics import ANTENATAL, FOLLOW_UP, NEW, REGISTERED
from hospital_assets.simulation.visits.emergency_visits import ADMITTED, HOME, RETURN
from hospital_assets.simulation.visits.triage import NOT_SEEN
from tests.simulation.stays import stay_files
from tests.simulation.visits import visit_files
from tests.simulation.visits.conftest import DAYS, FIRST

DAY = 1440


def same(one: Any, other: Any) -> bool:
    """Return whether two days of visits are equal in every column."""
    return all(np.array_equal(value, getattr(other, name)) for name, value in vars(one).items())


def test_a_day_is_the_same_alone_and_in_any_order(weeks: list[Any]) -> None:
    for number in (41, 17, 0, 55):
        alone = visit_files.visits("full").on_days(FIRST + number, FIRST + number)
        assert same(alone[0][0], weeks[number][0])
        assert same(alone[0][1], weeks[number][1])


def test_a_range_is_its_days_one_after_another(weeks: list[Any]) -> None:
    together = visit_files.kept("full").between(FIRST + 3, FIRST + 6)
    for which in (0, 1):
        for name, column in vars(together[which]).items():
            parts = [getattr(day[which], name) for day in weeks[3:7]]
            assert np.array_equal(column, np.concatenate(parts)), name


def test_a_longer_period_changes_no_day() -> None:
    short = visit_files.kept("small").on_days(FIRST + 272, FIRST + 274)
    assert day_number(visit_files.LAST) == FIRST + 274
    long = visit_files.visits("small", date(2024, 3, 31)).on_days(FIRST + 272, FIRST + 274)
    for one, other in zip(short, long, strict=True):
        assert np.array_equal(one[0].serial, other[0].serial)
        assert np.array_equal(one[0].person, other[0].person)
        assert np.array_equal(one[0].colour, other[0].colour)
        assert np.array_equal(one[1].serial, other[1].serial)
        assert np.array_equal(one[1].kind, other[1].kind)


def test_nobody_is_in_two_places(emergency: SimpleNamespace, clinics: SimpleNamespace) -> None:
    stays = stay_files.stays("full", visit_files.FIRST, visit_files.LAST)
    presence = Presence(stays)
    at_home = emergency.kind != ADMITTED
    persons, days = emergency.person[at_home], emergency.day[at_home]
    assert not presence.touches(persons, days, 1).any()
    assert not presence.touches(clinics.person, clinics.day, 0).any()
    visits = (persons << 20) | days
    at_clinics = (clinics.person << 20) | clinics.day
    assert len(np.unique(at_clinics)) == len(at_clinics)
    assert len(np.unique(visits)) == len(visits)
    assert not np.isin(visits, visits + 1).any()
    assert not np.isin(at_clinics, [*visits, *(visits + 1)]).any()


def test_who_comes_is_born_and_alive(emergency: SimpleNamespace, clinics: SimpleNamespace) -> None:
    people = stay_files.population("full")
    for visits in (emergency, clinics):
        assert (people.births.days(visits.person) <= visits.day).all()
        assert (people.deaths.days(visits.person) >= visits.day).all()


def test_staff_come_neither_to_clinics_nor_home_from_emergency(weeks: list[Any]) -> None:
    busy = np.unique(np.concatenate([weeks[20][0].person, weeks[20][1].person]))
    free = visit_files.visits("full", staff=busy).on_days(FIRST + 20, FIRST + 20)[0]
    home = free[0].kind != ADMITTED
    assert not np.isin(free[0].person[home], busy).any()
    assert not np.isin(free[1].person, busy).any()
    before, after = (visits.kind.tolist().count(HOME) for visits in (weeks[20][0], free[0]))
    assert after > 0.97 * before  # others come in their place


def test_clinics_are_open_on_working_days(clinics: SimpleNamespace) -> None:
    rules = stay_files.rules("full").holidays
    days = np.arange(FIRST, FIRST + DAYS)
    is_open = (weekday(days) < 5) & ~is_holiday(rules, days)
    counts = np.bincount(clinics.day - FIRST, minlength=DAYS)
    assert (counts[~is_open] == 0).all()
    assert (counts[is_open] > 300).all()
    assert 450 < counts[is_open].mean() < 700
    assert set(clinics.kind.tolist()) == {FOLLOW_UP, ANTENATAL, REGISTERED, NEW}


def test_clinic_visits_lie_in_their_day(clinics: SimpleNamespace) -> None:
    assert (clinics.arrived // DAY == clinics.day).all()
    assert (clinics.left // DAY == clinics.day).all()
    assert (clinics.left > clinics.arrived).all()
    assert clinics.arrived.min() % DAY >= 7 * 60
    assert len(np.unique(clinics.serial)) == len(clinics.serial)


def test_children_go_to_the_clinic_for_children(clinics: SimpleNamespace) -> None:
    names = stay_files.model("full", visit_files.FIRST, visit_files.LAST).pools.names
    born = stay_files.population("full").births.days(clinics.person)
    infant = clinics.day - born < 12 * 365
    with_other = infant & (clinics.kind != ANTENATAL)
    assert (clinics.pool[with_other] == names.index("Pediatrics")).all()
    adult = clinics.day - born > 14 * 366
    assert not (clinics.pool[adult] == names.index("Pediatrics")).any()
    pregnant = clinics.kind == ANTENATAL
    assert (clinics.pool[pregnant] == names.index("Obstetrics and Gynaecology")).all()


def test_follow_ups_are_of_who_was_here_and_antenatal_visits_of_who_will(
    clinics: SimpleNamespace,
) -> None:
    stays = stay_files.stays("full", visit_files.FIRST, visit_files.LAST)
    for kind, after in ((FOLLOW_UP, True), (ANTENATAL, False)):
        rows = clinics.kind == kind
        stay, day = clinics.stay[rows], clinics.day[rows]
        assert np.array_equal(stays.persons[stay], clinics.person[rows])
        apart = day - stays.timelines.end[stay] // DAY
        assert ((apart >= 6) if after else (apart < 0)).all()


def test_registered_patients_have_their_condition_and_rhythm(clinics: SimpleNamespace) -> None:
    conditions = stay_files.population("full").conditions
    rows = np.flatnonzero(clinics.kind == REGISTERED)
    for condition in np.unique(clinics.condition[rows]).tolist():
        of_it = rows[clinics.condition[rows] == condition]
        assert conditions.has(condition, clinics.person[of_it]).all()
    often = conditions.names.index("SCZ")
    of_it = rows[clinics.condition[rows] == often]
    order = of_it[np.lexsort((clinics.day[of_it], clinics.person[of_it]))]
    again = clinics.person[order][1:] == clinics.person[order][:-1]
    gaps = np.diff(clinics.day[order])[again]
    assert 25 <= np.median(gaps) <= 31
    assert 0.3 < (gaps % 2 == 0).mean() < 0.7


def test_emergency_visits_scatter_and_follow_their_hours(emergency: SimpleNamespace) -> None:
    counts = np.bincount(emergency.day - FIRST, minlength=DAYS)
    assert 580 < counts.mean() < 820
    assert counts.var() / counts.mean() > 1
    hour = emergency.arrived[emergency.kind == HOME] % DAY // 60
    by_hour = np.bincount(hour, minlength=24) / len(hour)
    assert by_hour[10:18].min() > 2 * by_hour[2:6].max()
    assert set(emergency.kind.tolist()) == {HOME, RETURN, ADMITTED}


def test_the_urgent_are_seen_sooner_and_a_full_department_is_slower(
    emergency: SimpleNamespace,
) -> None:
    waits = [emergency.wait[emergency.colour == colour] for colour in range(4)]
    means = [wait.mean() for wait in waits]
    assert means == sorted(means)
    assert means[0] < 10
    shares = [len(wait) / len(emergency.wait) for wait in waits]
    assert 0.03 < shares[0] < 0.10
    assert 0.15 < shares[3] < 0.40
    yellow = emergency.colour == 2
    assert np.corrcoef(emergency.load[yellow], emergency.wait[yellow])[0, 1] > 0.25
    assert (
        emergency.seen[~emergency.left_unseen] >= emergency.arrived[~emergency.left_unseen]
    ).all()
    assert (emergency.left > emergency.arrived).all()


def test_the_more_urgent_are_admitted_the_others_go_home(emergency: SimpleNamespace) -> None:
    colours = [emergency.kind[emergency.colour == colour] for colour in range(4)]
    admitted = [(kind == ADMITTED).mean() for kind in colours]
    assert admitted == sorted(admitted, reverse=True)
    assert admitted[0] > 0.88
    assert admitted[3] < 0.08


def test_nobody_goes_home_with_what_must_be_admitted(emergency: SimpleNamespace) -> None:
    mix = stay_files.model("full", visit_files.FIRST, visit_files.LAST).mix
    grave = [mix.row(code) for code in ("I21.9", "I63.9", "G03.9", "S72.0", "K35.8", "X95.9")]
    of_it = np.isin(emergency.diagnosis, grave)
    assert of_it.sum() > 200
    assert (emergency.kind[of_it] == ADMITTED).all()


def test_the_more_urgent_wait_less_for_a_bed(emergency: SimpleNamespace) -> None:
    stays = stay_files.stays("full", visit_files.FIRST, visit_files.LAST)
    rows = np.flatnonzero(emergency.kind == ADMITTED)
    rows = rows[stays.admitted[emergency.stay[rows]] >= 0]
    waits = emergency.left[rows] - emergency.decided[rows]
    medians = [np.median(waits[emergency.colour[rows] == colour]) for colour in range(4)]
    assert medians == sorted(medians)
    assert medians[3] > 1.5 * medians[0]


def test_no_minute_has_three_times_as_many_as_its_neighbours(emergency: SimpleNamespace) -> None:
    arrived, left, unseen = emergency.arrived, emergency.left, emergency.left_unseen
    home, admitted = ~unseen & (emergency.kind != ADMITTED), emergency.kind == ADMITTED
    no_bed = (
        admitted
        & (stay_files.stays("full", visit_files.FIRST, visit_files.LAST).admitted < 0)[
            emergency.stay
        ]
    )
    durations = {
        "until triage": emergency.triaged - arrived,
        "until seen": (emergency.seen - arrived)[~unseen],
        "from seen to the decision": (emergency.decided - emergency.seen)[~unseen],
        "until leaving unseen": (left - arrived)[unseen],
        "from the decision home": (left - emergency.decided)[home],
        "from the decision to a bed": (left - emergency.decided)[admitted & ~no_bed],
        "from the decision elsewhere": (left - emergency.decided)[no_bed],
        "in all, home": (left - arrived)[home],
        "in all, to a bed": (left - arrived)[admitted],
    }
    for name, minutes in durations.items():
        counts = np.bincount(minutes[minutes >= 0]).astype(float)
        near = np.convolve(counts, np.ones(11), "same") - counts
        # At the ends the neighbours are fewer.
        near /= np.convolve(np.ones(len(counts)), np.ones(11), "same") - 1
        # Few are as many as chance makes them.
        assert (counts <= 3 * near + 12).all(), (name, np.argmax(counts - 3 * near))


def test_hours_of_arrival_follow_each_other_without_teeth(emergency: SimpleNamespace) -> None:
    counts = np.bincount(emergency.arrived % DAY // 60, minlength=24)
    around = (np.roll(counts, 1) + np.roll(counts, -1)) / 2
    assert (np.abs(counts - around) < 0.12 * around + 3 * np.sqrt(1.5 * counts)).all()


def test_the_times_of_a_visit_follow_each_other(emergency: SimpleNamespace) -> None:
    died = emergency.left < emergency.decided  # before the decision about a bed
    for kind in (HOME, RETURN, ADMITTED):
        rows = (emergency.kind == kind) & ~emergency.left_unseen & ~died
        times = ("arrived", "triaged", "seen", "decided", "left")
        columns = [getattr(emergency, name)[rows] for name in times]
        for before, after in pairwise(columns):
            assert (before <= after).all()
    assert died.mean() < 0.01
    assert (emergency.decided[emergency.left_unseen] == NOT_SEEN).all()


def test_few_leave_unseen_and_none_of_them_is_admitted(emergency: SimpleNamespace) -> None:
    home = emergency.kind != ADMITTED
    assert 0.02 < emergency.left_unseen[home].mean() < 0.12
    assert not emergency.left_unseen[~home].any()
    assert not emergency.left_unseen[emergency.colour == 0].any()
    by_colour = [emergency.by_ambulance[emergency.colour == colour].mean() for colour in range(4)]
    assert by_colour == sorted(by_colour, reverse=True)


def test_some_come_again_and_again(emergency: SimpleNamespace) -> None:
    home = emergency.person[emergency.kind == HOME]
    counts = np.unique(home, return_counts=True)[1]
    assert counts.max() >= 4
    assert 0.04 < counts[counts >= 2].sum() / len(home) < 0.4


def test_who_comes_again_and_again_comes_with_the_same_ailments(
    emergency: SimpleNamespace,
) -> None:
    family = stay_files.model("full", visit_files.FIRST, visit_files.LAST).mix.family
    home = emergency.kind == HOME
    person, ailment = emergency.person[home], family[emergency.diagnosis[home]]
    who, counts = np.unique(person, return_counts=True)
    often = who[counts >= 4]
    assert len(often) > 50
    kinds = [len(np.unique(ailment[person == one])) for one in often.tolist()]
    assert np.mean(kinds) < 2.5


def test_who_is_admitted_leaves_for_the_bed(emergency: SimpleNamespace) -> None:
    stays = stay_files.stays("full", visit_files.FIRST, visit_files.LAST)
    rows = emergency.kind == ADMITTED
    stay = emergency.stay[rows]
    assert np.array_equal(stays.persons[stay], emergency.person[rows])
    assert np.array_equal(stays.timelines.arrived[stay], emergency.arrived[rows])
    bed = stays.admitted[stay]
    assert np.array_equal(emergency.left[rows][bed >= 0], bed[bed >= 0])
    assert (emergency.seen[rows] < stays.timelines.decided[stay]).all()
    boarding = bed[bed >= 0] - stays.timelines.decided[stay][bed >= 0]
    assert boarding.min() > 0


@pytest.mark.parametrize("profile", ["small"])
def test_the_small_hospital_has_a_quarter_of_the_visits(
    profile: str, emergency: SimpleNamespace, clinics: SimpleNamespace
) -> None:
    days = visit_files.kept(profile).on_days(FIRST, FIRST + 13)
    visits = sum(len(day[0]) for day in days)
    of_full = (emergency.day < FIRST + 14).sum()
    assert 0.2 < visits / of_full < 0.3
    assert 0.18 < sum(len(day[1]) for day in days) / (clinics.day < FIRST + 14).sum() < 0.3


def test_nobody_comes_who_gives_birth_that_day(emergency: SimpleNamespace) -> None:
    people = stay_files.population("full")
    home = emergency.kind == HOME
    who, children = people.families.children(emergency.person[home & (emergency.person < 1 << 23)])
    day = emergency.day[home & (emergency.person < 1 << 23)][who]
    assert (np.abs(people.births.days(children) - day) > 1).all()
