"""What belongs to a person besides kin and place: names, documents, phones, who pays."""

from dataclasses import dataclass
from math import gcd

from hospital_assets.simulation.parameters.births import Community
from hospital_assets.simulation.parameters.checks import (
    Strict,
    require,
    require_share,
    require_weights,
)
from hospital_assets.simulation.parameters.curves import Curve, require_curve

PAYERS = ("H0", "H1", "H2", "H3", "medical_aid")
HOME = "ZAF"
DIGIT, SERIES = "#", "*"
# Numbers of people are below this, so that every passport of a country has its own number.
_NUMBERS = 1 << 24
_LETTERS = 26
PASSPORT_STEP = 7_368_787


@dataclass(frozen=True)
class NameRules(Strict):
    """First and second names by year of birth; `western` shares are of those who may have them."""

    generations: tuple[int, int, int]
    blur_years: tuple[int, int]
    western_first: Curve
    second: Curve
    western_second: float
    western_second_after_western: float

    def __post_init__(self) -> None:
        """Refuse generations that don't follow each other."""
        require(
            list(self.generations) == sorted(set(self.generations)),
            "generations must be rising years of birth",
        )
        require(
            all(0 <= years <= 50 for years in self.blur_years),
            "blur_years must lie between 0 and 50",
        )
        require_curve("western_first", self.western_first)
        require_curve("second", self.second)
        require_share("western_second", self.western_second)
        require_share("western_second_after_western", self.western_second_after_western)


@dataclass(frozen=True)
class Tradition(Strict):
    """Names that go together, and the language spoken; `words` names them in the vocabulary."""

    name: str
    language: str
    words: str = ""
    western: bool = False
    country: str = HOME
    passport: str = ""

    def __post_init__(self) -> None:
        """Refuse passports of which there aren't enough for everybody."""
        require(len(self.country) == 3, f"country of {self.name} must have three letters")
        require(
            not self.passport or self.numbers >= _NUMBERS,
            f"passport of {self.name} must have room for 16.8 million numbers",
        )
        require(
            self.passport.count(SERIES) <= 1 and gcd(PASSPORT_STEP, self.numbers) == 1,
            f"passport of {self.name} must have one {SERIES} at most",
        )

    @property
    def numbers(self) -> int:
        """How many passport numbers the pattern gives."""
        series = _LETTERS if SERIES in self.passport else 1
        digits: int = 10 ** self.passport.count(DIGIT)
        return series * digits


@dataclass(frozen=True)
class CommunityTraditions(Strict):
    """The traditions of a community, with their weights."""

    community: str
    traditions: tuple[str, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse communities without a tradition."""
        require(bool(self.traditions), f"traditions of {self.community} must have one at least")
        require_weights(f"weights of {self.community}", self.weights, len(self.traditions))


@dataclass(frozen=True)
class DocumentRules(Strict):
    """Papers: of foreigners the shares of permanent residents and of holders of a passport.

    `id_number_known` are points (share, days): of so many who get an ID number the hospital knows
    it so soon after the birth, of those beyond the last point never. `passports_shown` is the share
    of passports that the hospital has seen.
    """

    permanent_residents: float
    passports: float
    id_number_known: Curve
    passports_shown: float

    def __post_init__(self) -> None:
        """Refuse shares that add up to more than everybody, and days before the birth."""
        require_curve("id_number_known", self.id_number_known, 1, 36_525)
        shares = [share for share, _ in self.id_number_known]
        require(
            shares[0] == 0 and shares[-1] <= 1,
            "id_number_known must begin at the share 0 and end at 1 at most",
        )
        require_share("passports_shown", self.passports_shown)
        require_share("permanent_residents", self.permanent_residents)
        require_share("passports", self.passports)
        require_share("permanent_residents + passports", self.permanent_residents + self.passports)


@dataclass(frozen=True)
class PhoneRules(Strict):
    """Prefixes of mobile numbers, with their weights, and who has none of their own.

    That is everybody below `own_from_age`, and of others the share by age in `without_own`.
    """

    prefixes: tuple[str, ...]
    weights: tuple[float, ...]
    own_from_age: int
    without_own: Curve

    def __post_init__(self) -> None:
        """Refuse prefixes that no number begins with, and shares that fall with age."""
        require(0 <= self.own_from_age <= 30, "own_from_age must lie between 0 and 30")
        require_curve("without_own", self.without_own, 0, 1)
        shares = [share for _, share in self.without_own]
        require(shares == sorted(shares), "without_own must not fall with age")
        require(
            bool(self.prefixes)
            and all(len(one) == 3 and one.isdigit() and one[0] == "0" for one in self.prefixes),
            "prefixes must be three digits, the first 0",
        )
        require_weights("weights", self.weights, len(self.prefixes))


@dataclass(frozen=True)
class AddressRules(Strict):
    """What is put together to an address: odd house numbers, a street, and its kind."""

    kinds_of_streets: tuple[str, ...]
    highest_house_number: int

    def __post_init__(self) -> None:
        """Refuse streets of no kind and without houses."""
        require(bool(self.kinds_of_streets), "kinds_of_streets must have one at least")
        require(
            1 <= self.highest_house_number <= 9999,
            "highest_house_number must lie between 1 and 9,999",
        )


@dataclass(frozen=True)
class PayerRules(Strict):
    """Who pays for a household: its chance of a medical aid, otherwise a class by income."""

    medical_aid_by_affluence: tuple[float, float, float]
    medical_aid_by_community: tuple[float, ...]
    income_bounds: tuple[float, float, float]
    income_by_affluence: float
    free_below_age: int
    free_from_age: int

    def __post_init__(self) -> None:
        """Refuse shares and ages out of bounds."""
        for share in (*self.medical_aid_by_affluence, *self.income_bounds):
            require_share("medical_aid_by_affluence and income_bounds", share)
        require(
            list(self.income_bounds) == sorted(self.income_bounds),
            "income_bounds must rise from H0 on",
        )
        require(
            all(0 <= factor <= 10 for factor in self.medical_aid_by_community),
            "medical_aid_by_community must be factors between 0 and 10",
        )
        require_share("income_by_affluence", self.income_by_affluence)
        require(
            0 <= self.free_below_age < self.free_from_age <= 120,
            "free_from_age must lie above free_below_age",
        )


@dataclass(frozen=True)
class IdentityRules(Strict):
    """All that is drawn for a person besides kin, place, births and deaths."""

    names: NameRules
    traditions: tuple[Tradition, ...]
    community_traditions: tuple[CommunityTraditions, ...]
    documents: DocumentRules
    phones: PhoneRules
    addresses: AddressRules
    payers: PayerRules

    def __post_init__(self) -> None:
        """Refuse traditions that don't exist."""
        names = [one.name for one in self.traditions]
        require(len(set(names)) == len(names), "traditions must have different names")
        for community in self.community_traditions:
            unknown = sorted(set(community.traditions) - set(names))
            require(
                not unknown,
                f"community_traditions: traditions of {community.community} names no {unknown}",
            )

    def words_of_traditions(self) -> tuple[str, ...]:
        """Return the key of each tradition's names in the vocabulary."""
        return tuple(one.words or one.name for one in self.traditions)


def require_traditions_for(communities: tuple[Community, ...], rules: IdentityRules) -> None:
    """Refuse rules that don't name the communities, or leave foreigners without a passport."""
    names = [one.name for one in communities]
    given = [one.community for one in rules.community_traditions]
    require(given == names, f"community_traditions must be of {names}, in their order")
    require(
        len(rules.payers.medical_aid_by_community) == len(names),
        f"payers.medical_aid_by_community must have {len(names)} numbers",
    )
    passports = {one.name for one in rules.traditions if one.passport}
    at_home = {one.name for one in rules.traditions if one.country == HOME}
    for community, one in zip(communities, rules.community_traditions, strict=True):
        require(
            not community.foreign or set(one.traditions) <= passports,
            f"community_traditions: traditions of {community.name} must have a passport",
        )
        require(
            community.foreign or set(one.traditions) <= at_home,
            f"community_traditions: traditions of {community.name}, who are not foreign, must be of"
            f" the country {HOME}",
        )
