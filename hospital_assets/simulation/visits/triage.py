"""What happens in the emergency department: colour, ambulance, waiting, treatment and the end."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.chance.distributions import lognormal, lognormal_about, quantile
from hospital_assets.simulation.chance.draws import Bits, Integers, below, chance
from hospital_assets.simulation.chance.limits import bent
from hospital_assets.simulation.dates import MINUTES_PER_DAY
from hospital_assets.simulation.parameters.emergency import EmergencyRules, WaitingRules
from hospital_assets.simulation.stays.model import StayModel
from hospital_assets.simulation.stays.patients import Flags
from hospital_assets.simulation.stays.urgency import RED, colours

NOT_SEEN = -1
_HOURS = 24
_LOAD_UNIT_BITS = 8
_WAIT_UNIT_BITS = 16


@dataclass(frozen=True)
class Arrivals:
    """Arrivals in the emergency department; `is_admitted` says that a bed is asked for."""

    serial: Integers
    diagnosis: Integers
    age_band: Integers
    arrived: Integers
    is_admitted: Flags


@dataclass(frozen=True)
class CourseOfVisits:
    """How visits run: colour (0 red to 3 green), whether by ambulance, and minutes.

    `seen` and `decided` are NOT_SEEN for who `left_unseen`. `decided` and `left` are of visits that
    end at home; they say nothing of those who are admitted. `load` is in 1/256 of the usual.
    """

    colour: Integers
    by_ambulance: Flags
    load: Integers
    wait: Integers
    triaged: Integers
    seen: Integers
    decided: Integers
    left_unseen: Flags
    left: Integers


class Triage:
    """Draws the course of visits."""

    def __init__(self, model: StayModel, rules: EmergencyRules) -> None:
        self._model, self._rules = model, rules
        waiting, treatment = rules.waiting, rules.treatment
        self._waits = lognormal(-(waiting.sigma**2) / 2, waiting.sigma, 1 << _WAIT_UNIT_BITS)
        self._treatments = np.stack(
            [lognormal_about(median, treatment.sigma) for median in treatment.median_minutes]
        )
        self._leaving = lognormal_about(treatment.leaving_median_minutes, treatment.leaving_sigma)
        self._until_triage = lognormal_about(
            treatment.triage_median_minutes, treatment.triage_sigma
        )
        self._usual = _usual_arrivals(waiting, model.rules.timelines.hours.emergency)

    def course(self, arrivals: Arrivals, every_arrival: Integers) -> CourseOfVisits:
        """Return the course of visits; `every_arrival` are all minutes, some hours before too."""
        rules = self._rules
        draws = self._model.stream("ed/clock").series(arrivals.serial, 7)
        colour = colours(
            self._model,
            arrivals.serial,
            arrivals.diagnosis,
            arrivals.age_band,
            ~arrivals.is_admitted,
        )
        load = self._load(arrivals.arrived, np.sort(every_arrival))
        wait = self._wait(colour, load, draws[0])
        treated = rules.treatment.shortest_minutes + quantile(draws[1], self._treatments, colour)
        leaves = ~arrivals.is_admitted & chance(draws[2], _leaving(rules.waiting, colour, wait))
        seen = arrivals.arrived + wait
        decided = seen + treated
        least = rules.waiting.leaves_from_percent
        until_leaving = wait * (least + below(draws[3], 101 - least)) // 100
        left = decided + 1 + quantile(draws[4], self._leaving)
        left = np.where(leaves, arrivals.arrived + until_leaving, left)
        triaged = arrivals.arrived + quantile(draws[5], self._until_triage)
        return CourseOfVisits(
            colour=colour,
            by_ambulance=chance(draws[6], np.array(self._model.rules.triage.by_ambulance)[colour]),
            load=load,
            wait=wait,
            triaged=np.minimum(triaged, np.where(leaves, left, seen)),
            seen=np.where(leaves, NOT_SEEN, seen),
            decided=np.where(leaves, NOT_SEEN, decided),
            left_unseen=leaves,
            left=left,
        )

    def _load(self, arrived: Integers, every_arrival: Integers) -> Integers:
        """Return the arrivals of the last hours over the usual ones, in 1/256."""
        rules = self._rules.waiting
        since = arrived - rules.load_hours * 60
        count = np.searchsorted(every_arrival, arrived) - np.searchsorted(every_arrival, since)
        usual = self._usual[arrived % MINUTES_PER_DAY // 60]
        one = 1 << _LOAD_UNIT_BITS
        load = (count + rules.steadying_arrivals) * one / (usual + rules.steadying_arrivals)
        least, most = round(rules.least_load * one), round(rules.most_load * one)
        return np.clip(np.floor(load).astype(np.int64), least, most)

    def _wait(self, colour: Integers, load: Integers, bits: Bits) -> Integers:
        """Return the minutes until seen: by colour, growing with the square of the load.

        The red wait in proportion to the load alone.
        """
        mean = np.array(self._rules.waiting.mean_minutes)[colour]
        share = quantile(bits, self._waits) * load >> _LOAD_UNIT_BITS
        again = np.where(colour == RED, 1 << _LOAD_UNIT_BITS, load)
        wait = mean * share * again >> (_WAIT_UNIT_BITS + _LOAD_UNIT_BITS)
        return bent(wait, self._rules.waiting.long_minutes, self._rules.waiting.longest_minutes)


def _usual_arrivals(rules: WaitingRules, by_hour: tuple[float, ...]) -> NDArray[np.float64]:
    """Return the usual arrivals of an hour and the hours before it, by hour."""
    shares = np.array(by_hour) / np.cumsum(by_hour)[-1]
    usual = np.zeros(_HOURS)
    for back in range(rules.load_hours):
        usual = usual + np.roll(shares, back) * rules.usual_arrivals_a_day
    return usual


def _leaving(rules: WaitingRules, colour: Integers, wait: Integers) -> NDArray[np.float64]:
    """Return the chance to leave before being seen."""
    impatience = (wait - rules.patience_minutes) / rules.leaves_by_minutes
    share = impatience * np.array(rules.leaving_by_colour)[colour]
    return np.clip(share, 0, rules.most_leave)
