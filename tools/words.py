"""The words of names and streets: our own lists, with names drawn from Faker once behind them.

The result is committed, so that a later Faker cannot change a record unnoticed.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Any

from faker import Faker

from hospital_assets.configuration.settings import ROOT
from tools.generated_file import GeneratedFile

SEED = 20201201
DRAWS = 20_000
DRAWS_OF_FOREIGN_NAMES, MOST_FOREIGN_NAMES = 4_000, 200
LONGEST = 24
LISTS = ROOT / "tools" / "word_lists.toml"
TARGET = ROOT / "hospital_assets" / "data" / "words.json"
PLAIN_NAME = re.compile(r"^[A-Z][A-Za-zÀ-ÿ]+(?:[' -][A-Za-zÀ-ÿ]+)*$")
SEXES = ("female", "male")
GENERATIONS = ("oldest", "older", "younger", "youngest")

# Faker's South African names are Zulu ones. Of the female ones, these are men's; of the surnames,
# these are first names. Found by us.
MENS_NAMES = {
    "Bhekisisa", "Bhekizizwe", "Bhekokwakhe", "Dumisani", "Londisizwe", "Mnqobi", "Ndumiso",
    "Nqobizitha", "Sithembiso", "Zakhele",
}  # fmt: skip
FIRST_NAMES_AMONG_SURNAMES = {"Amahle", "Andile", "Anele", "Ayanda", "Ayize"}
# Where a country's list is missing, or has no tradition of its own in Faker.
FAKERS_OF_COUNTRIES = {
    "nigeria": ("en_NG", "en_NG", "en_NG"),
    "congo": ("fr_FR", None, None),
    "pakistan": (None, "en_PK", "en_PK"),
}

Pool = dict[str, Any]


def text() -> str:
    """Return the words as they are stored."""
    lists = tomllib.loads(LISTS.read_text(encoding="utf-8"))
    words = {
        "first_names": {
            "western": _western(lists["western"]),
            **{name: _of_language(lists, name) for name in lists["languages"]},
            "af": _afrikaans(lists["afrikaans"]),
            "en": _of_all_generations(lists["english"], "en_GB", 0.35),
            "in": _of_all_generations(lists["indian"], "en_IN", 0.30),
            **{name: _foreign(name, one) for name, one in lists["foreign"].items()},
        },
        "surnames": _surnames(lists),
        "streets": sorted(lists["streets"]),
    }
    return json.dumps(words, ensure_ascii=False, indent=0) + "\n"


def _pool(
    ranked: Iterable[str],
    others: Iterable[str] = (),
    *,
    exponent: float = 0.9,
    offset: float = 2.0,
    others_share: float = 0.0,
) -> Pool:
    """Return a pool: the r-th ranked name weighs (r + offset) ** -exponent, the others all alike.

    The defaults are those of first names. All weights are ours, so that the most common names of
    a million people are as common as in the published lists.
    """
    names = list(dict.fromkeys(ranked))
    rest = [name for name in dict.fromkeys(others) if name not in names]
    return {
        "ranked": names,
        "others": rest,
        "exponent": exponent,
        "offset": offset,
        "others_share": others_share if rest else 0.0,
    }


def _western(lists: dict[str, Any]) -> dict[str, list[Pool]]:
    pools = {}
    for sex in SEXES:
        drawn = _drawn("en_GB", f"first_name_{sex}")[::4]
        pools[sex] = [
            _pool(names, () if generation == "oldest" else drawn, others_share=0.05)
            for generation, names in lists[sex].items()
        ]
    return pools


def _of_language(lists: dict[str, Any], name: str) -> dict[str, list[Pool]]:
    """Return a language's pools: its own names among those of its family, if it has one."""
    language = lists["languages"][name]
    zulu = _zulu_names() if name == "zu" else dict.fromkeys(SEXES, ())
    pools = {}
    for sex in SEXES:
        own = language.get(sex, [])
        if "family" not in language:
            # The younger half of the generations has other names in front.
            younger = own[len(own) // 3 :] + own[: len(own) // 3]
            pools[sex] = [
                _pool(names, exponent=0.75, offset=4.0) for names in (own, own, younger, younger)
            ]
            continue
        family = lists["families"][language["family"]][sex]
        pools[sex] = [
            _pool(_mixed(own, family[generation], generation), zulu[sex], others_share=0.06)
            for generation in GENERATIONS
        ]
    return pools


def _mixed(own: Sequence[str], family: Sequence[str], generation: str) -> list[str]:
    """Return own and family's names in turn; in the youngest, an own one after every third."""
    if generation != "youngest":
        pairs = zip_longest(own, family)
        return [name for pair in pairs for name in pair if name is not None]
    names = []
    for place, name in enumerate(family):
        names.append(name)
        if place % 3 == 2 and place // 3 < len(own):
            names.append(own[-1 - place // 3])
    return names


def _zulu_names() -> dict[str, Sequence[str]]:
    female, male = (_drawn("zu_ZA", f"first_name_{sex}") for sex in SEXES)
    mens = [name for name in female if name in MENS_NAMES]
    return {"female": [name for name in female if name not in MENS_NAMES], "male": [*male, *mens]}


def _afrikaans(lists: dict[str, Any]) -> dict[str, list[Pool]]:
    return {
        sex: [
            _pool(names, _drawn("nl_NL", f"first_name_{sex}")[::9], others_share=0.04)
            for names in lists[sex].values()
        ]
        for sex in SEXES
    }


def _of_all_generations(
    lists: dict[str, Any], locale: str, others_share: float
) -> dict[str, list[Pool]]:
    return {
        sex: [_pool(lists[sex], _drawn(locale, f"first_name_{sex}"), others_share=others_share)]
        for sex in SEXES
    }


def _foreign(country: str, lists: dict[str, Any]) -> dict[str, list[Pool]]:
    return {sex: [_foreign_pool(country, sex, lists)] for sex in SEXES}


def _foreign_pool(country: str, kind: str, lists: dict[str, Any]) -> Pool:
    if kind in lists:
        return _pool(lists[kind])
    place = ("female", "male", "surnames").index(kind)
    locale = FAKERS_OF_COUNTRIES[country][place]
    if locale is None:
        raise ValueError(f"{LISTS}: foreign.{country}.{kind} is missing")
    what = ("first_name_female", "first_name_male", "last_name")[place]
    names = _drawn(locale, what, DRAWS_OF_FOREIGN_NAMES)[:MOST_FOREIGN_NAMES]
    return _pool((), names, others_share=1.0)


def _surnames(lists: dict[str, Any]) -> dict[str, Pool]:
    given = set(_drawn("zu_ZA", "first_name_female")) | set(_drawn("zu_ZA", "first_name_male"))
    drawn = [name for name in _drawn("zu_ZA", "last_name") if name not in given]
    zulu = [name for name in drawn if name not in FIRST_NAMES_AMONG_SURNAMES]
    pools = {
        name: _pool(
            language["surnames"],
            zulu if name == "zu" else (),
            exponent=0.85,
            offset=4.0,
            others_share=0.22,
        )
        for name, language in lists["languages"].items()
    }
    for name, key, locale, step, exponent, offset, share in (
        ("af", "afrikaans", "nl_NL", 9, 0.8, 4.0, 0.04),
        ("en", "english", "en_GB", 1, 0.8, 4.0, 0.45),
        ("in", "indian", "en_IN", 1, 0.85, 3.0, 0.12),
    ):
        others = _drawn(locale, "last_name")[::step]
        pools[name] = _pool(
            lists[key]["surnames"], others, exponent=exponent, offset=offset, others_share=share
        )
    for country, one in lists["foreign"].items():
        pools[country] = _foreign_pool(country, "surnames", one)
    return pools


def _drawn(locale: str, kind: str, draws: int = DRAWS) -> list[str]:
    """Return the distinct plain names that Faker draws for a locale, in alphabetical order."""
    faker = Faker(locale, use_weighting=False)
    faker.seed_instance(SEED)
    names = {getattr(faker, kind)() for _ in range(draws)}
    return sorted(name for name in names if PLAIN_NAME.match(name) and len(name) <= LONGEST)


FILE = GeneratedFile("words", TARGET, text)
