"""The list of diagnoses of a stay or visit, each by its place: nothing is drawn twice.

First the main diagnosis, an injury's external cause, then lasting conditions of the person,
complications of the main diagnosis, and what is found in anybody.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.chance.draws import (
    Bits,
    DrawStream,
    Integers,
    chance,
    choose,
    halves,
    thresholds,
)
from hospital_assets.simulation.diagnoses.encounters import (
    AFTER_STAY,
    BEFORE_BIRTH,
    NO_DIAGNOSIS,
    OWN,
    DiagnosedEncounters,
)
from hospital_assets.simulation.parameters.secondary_diagnoses import (
    Complication,
    GeneralDiagnosis,
    SecondaryDiagnosisRules,
)
from hospital_assets.simulation.population.conditions import Conditions
from hospital_assets.simulation.stays.case_conditions import (
    NO_CONDITION,
    CaseConditions,
    case_conditions,
)
from hospital_assets.simulation.stays.case_mix import CaseMix
from hospital_assets.simulation.stays.grouping import is_first
from hospital_assets.simulation.stays.patients import Flags

MAIN, CAUSE, LASTING, COMPLICATION, GENERAL = range(5)
# Counters of an encounter's draws.
_CAUSE_DRAW, _CONDITION_DRAWS, _COMPLICATION_DRAWS, _GENERAL_DRAWS = 0, 10, 40, 60
_PRESENT_DRAWS = 100
_CODE_BITS = 12
_INJURIES = ("S", "T")
# Chapter XV, and the supervision of pregnancies and of women after a birth.
_PREGNANCY = ("O", "Z34", "Z35", "Z39")


@dataclass(frozen=True)
class DiagnosisLists:
    """Diagnoses, list by list: `encounter` counts the encounters, `sequence` from 1 within a list.

    `code` is a place in `DiagnosisCodes`; `kind` is MAIN, CAUSE, LASTING, COMPLICATION or GENERAL;
    `is_present` says that it was so at admission.
    """

    encounter: Integers
    sequence: Integers
    code: Integers
    kind: Integers
    is_present: Flags


@dataclass(frozen=True)
class _Noted:
    """Diagnoses of one kind under way."""

    encounter: Integers
    code: Integers
    kind: int
    is_present: Flags


class Diagnoses:
    """Makes the lists of any stays and visits; `codes` are all ICD-10 codes in their order."""

    def __init__(
        self,
        seed: int,
        rules: SecondaryDiagnosisRules,
        case_mix: CaseMix,
        conditions: Conditions,
    ) -> None:
        self._rules, self._mix, self._conditions = rules, case_mix, conditions
        self._case: CaseConditions = case_conditions(case_mix, conditions.names)
        self._stream = DrawStream(seed, "secondary")
        self.codes = _all_codes(rules, case_mix)
        self._place = {code: place for place, code in enumerate(self.codes)}
        self._main = np.array([self._place[code] for code in case_mix.codes])
        self._of_condition = np.array(
            [self._place[rules.conditions[name].code] for name in conditions.names]
        )
        self._after_stay = np.array([self._place[code] for code in self._codes_after_stays()])
        self._before_birth = self._place[rules.follow_up.before_birth]
        initial = [code[0] for code in self.codes]
        self._is_injury = np.array([letter in _INJURIES for letter in initial])
        self._is_pregnancy = np.array([code.startswith(_PREGNANCY) for code in self.codes])

    def of(self, encounters: DiagnosedEncounters) -> DiagnosisLists:
        """Return the lists of these encounters, in their order."""
        bits = self._stream.bits(encounters.serial, _CAUSE_DRAW)
        by_diagnosis = self._main[encounters.diagnosis]
        by_condition = self._of_condition[encounters.condition]
        main = np.where(encounters.diagnosis == NO_DIAGNOSIS, by_condition, by_diagnosis)
        after = encounters.occasion == AFTER_STAY
        main = np.where(after, self._after_stay[encounters.diagnosis], main)
        main = np.where(encounters.occasion == BEFORE_BIRTH, self._before_birth, main)
        main, causes = self._injuries(encounters, main, bits)
        everybody = np.arange(len(encounters))
        noted = [
            _Noted(everybody, main, MAIN, np.ones(len(main), np.bool_)),
            *causes,
            *self._causes(encounters, main, causes, bits),
            *self._lasting(encounters, main),
            *self._outcomes(encounters),
            *self._complications(encounters, main),
            *self._general(encounters, main),
        ]
        return _lists(noted)

    def _codes_after_stays(self) -> list[str]:
        """Return of each diagnosis the code with which it is followed up."""
        mix, rules, case = self._mix, self._rules, self._case
        codes = []
        for row, code in enumerate(mix.codes):
            family = rules.follow_up.of_families[mix.families[mix.family[row]]]
            if case.is_certain[row]:
                condition = self._conditions.names[case.of_diagnosis[row]]
                family = rules.conditions[condition].code
            codes.append(rules.follow_up.of_codes.get(code, family))
        return codes

    def _injuries(
        self, encounters: DiagnosedEncounters, main: Integers, bits: Bits
    ) -> tuple[Integers, list[_Noted]]:
        """Return main diagnoses with injuries in place of causes, and these causes."""
        injuries = main.copy()
        causes = []
        own = encounters.occasion == OWN
        for diagnosis, weights in enumerate(self._mix.injuries):
            if not weights:
                continue
            rows = np.flatnonzero(own & (encounters.diagnosis == diagnosis))
            injuries[rows] = self._one_of(weights, bits[rows])
            causes.append(self._present(rows, main[rows], CAUSE))
        return injuries, causes

    def _causes(
        self,
        encounters: DiagnosedEncounters,
        main: Integers,
        known: list[_Noted],
        bits: Bits,
    ) -> list[_Noted]:
        """Return the external causes of other injuries, by the family of the diagnosis."""
        open_ = self._is_injury[main]
        for cause in known:
            open_[cause.encounter] = False
        causes = []
        for family, weights in self._rules.causes_of_injuries.items():
            rows = np.flatnonzero(open_ & self._is_of_family(encounters, family))
            drawn = self._one_of(weights, halves(bits[rows])[1])
            causes.append(self._present(rows, drawn, CAUSE))
        return causes

    def _lasting(self, encounters: DiagnosedEncounters, main: Integers) -> list[_Noted]:
        """Return the conditions that persons have, as far as they are noted."""
        blocks, places = self._conditions.where(encounters.person)
        implied = np.where(
            self._case.is_certain[encounters.diagnosis],
            self._case.of_diagnosis[encounters.diagnosis],
            NO_CONDITION,
        )
        implied = np.where(encounters.diagnosis == NO_DIAGNOSIS, encounters.condition, implied)
        noted = []
        for number, name in enumerate(self._conditions.names):
            rule = self._rules.conditions[name]
            rows = np.flatnonzero((implied != number) & ~encounters.is_newborn)
            rows = rows[self._conditions.has_at(number, blocks[rows], places[rows])]
            share = np.where(encounters.is_stay[rows], 1.0, self._rules.noted_on_visits)
            bits = self._stream.bits(encounters.serial[rows], _CONDITION_DRAWS + number)
            rows = rows[chance(bits, rule.share * share)]
            code = np.full(len(rows), self._place[rule.code])
            if rule.in_pregnancy is not None:
                in_pregnancy = self._is_pregnancy[main[rows]]
                code = np.where(in_pregnancy, self._place[rule.in_pregnancy], code)
            noted.append(self._present(rows, code, LASTING))
        return noted

    def _outcomes(self, encounters: DiagnosedEncounters) -> list[_Noted]:
        """Return the outcomes of deliveries."""
        is_birth = self._mix.is_birth[encounters.diagnosis]
        is_birth &= (encounters.diagnosis != NO_DIAGNOSIS) & encounters.is_stay
        rows = np.flatnonzero(is_birth)
        outcomes = np.array([self._place[code] for code in self._rules.outcomes_of_delivery])
        children = np.minimum(encounters.children[rows], len(outcomes) - 1)
        not_yet = np.zeros(len(rows), np.bool_)
        return [_Noted(rows, outcomes[children], LASTING, not_yet)]

    def _complications(self, encounters: DiagnosedEncounters, main: Integers) -> list[_Noted]:
        """Return what comes with the main diagnosis of stays, but of those in a cot."""
        noted = []
        for family, complications in self._rules.complications.items():
            of_family = self._is_of_family(encounters, family)
            rows = np.flatnonzero(of_family & encounters.is_stay & ~encounters.in_cot)
            for number, one in enumerate(complications):
                share = np.full(len(rows), one.share)
                draw = _COMPLICATION_DRAWS + number
                noted.append(self._some(encounters, main, rows, one, share, draw, COMPLICATION))
        return noted

    def _general(self, encounters: DiagnosedEncounters, main: Integers) -> list[_Noted]:
        """Return what is found in adults of any diagnosis, but not in pregnancy."""
        ages = self._mix.band_middles[encounters.age_band]
        able = encounters.is_stay & (ages >= self._rules.general_from_age)
        rows = np.flatnonzero(able & ~self._is_pregnancy[main])
        noted = []
        for number, one in enumerate(self._rules.general):
            share = one.share + one.share_a_year * ages[rows]
            draw = _GENERAL_DRAWS + number
            noted.append(self._some(encounters, main, rows, one, share, draw, GENERAL))
        return noted

    def _some(
        self,
        encounters: DiagnosedEncounters,
        main: Integers,
        rows: Integers,
        one: Complication | GeneralDiagnosis,
        share: NDArray[np.float64],
        draw: int,
        kind: int,
    ) -> _Noted:
        """Return a diagnosis for some of the rows, by chance, unless it is the main one."""
        code = self._place[one.code]
        serial = encounters.serial[rows]
        rows = rows[chance(self._stream.bits(serial, draw), share) & (main[rows] != code)]
        bits = self._stream.bits(encounters.serial[rows], _PRESENT_DRAWS + draw)
        return _Noted(rows, np.full(len(rows), code), kind, chance(bits, one.present))

    def _is_of_family(self, encounters: DiagnosedEncounters, family: str) -> Flags:
        number = self._mix.families.index(family)
        of_family = self._mix.family[encounters.diagnosis] == number
        return of_family & (encounters.diagnosis != NO_DIAGNOSIS)

    def _one_of(self, weights: dict[str, float], bits: Bits) -> Integers:
        places = np.array([self._place[code] for code in weights])
        return places[choose(bits, thresholds(list(weights.values())))]

    def _present(self, rows: Integers, code: Integers, kind: int) -> _Noted:
        return _Noted(rows, code, kind, np.ones(len(rows), np.bool_))


def _lists(noted: list[_Noted]) -> DiagnosisLists:
    """Return the lists in order of encounter, kind and code, each code once in a list."""
    encounter = np.concatenate([one.encounter for one in noted])
    code = np.concatenate([one.code for one in noted])
    kind = np.concatenate([np.full(len(one.code), one.kind) for one in noted])
    is_present = np.concatenate([one.is_present for one in noted])
    order = np.lexsort((code, kind, encounter))
    order = order[is_first((encounter[order] << _CODE_BITS) | code[order])]
    encounter = encounter[order]
    sequence = np.arange(len(order)) - np.searchsorted(encounter, encounter) + 1
    return DiagnosisLists(encounter, sequence, code[order], kind[order], is_present[order])


def _all_codes(rules: SecondaryDiagnosisRules, case_mix: CaseMix) -> tuple[str, ...]:
    """Return every code that can stand in a list, in the order of the alphabet."""
    codes = {*case_mix.codes, *rules.outcomes_of_delivery}
    for condition in rules.conditions.values():
        codes.add(condition.code)
        if condition.in_pregnancy is not None:
            codes.add(condition.in_pregnancy)
    for complications in rules.complications.values():
        codes |= {one.code for one in complications}
    codes |= {one.code for one in rules.general}
    follow_up = rules.follow_up
    codes |= {*follow_up.of_codes.values(), *follow_up.of_families.values()}
    codes.add(follow_up.before_birth)
    for weights in (*rules.causes_of_injuries.values(), *case_mix.injuries):
        codes |= set(weights)
    return tuple(sorted(codes))
