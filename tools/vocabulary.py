"""The vocabulary: the names and streets that people are given, drawn from Faker once.

Its result is committed, so that a later Faker cannot change a record unnoticed.
"""

import json
import re

from faker import Faker

from hospital_assets.configuration.settings import ROOT
from tools.generated_file import GeneratedFile

SEED = 20201201
DRAWS = 20_000
TARGET = ROOT / "hospital_assets" / "data" / "vocabulary.json"
PLAIN_NAME = re.compile(r"^[A-Z][A-Za-zÀ-ÿ]+(?:[' -][A-Za-zÀ-ÿ]+)*$")

# Name, share of people, and the Faker locales whose given and family names stand for it.
COMMUNITIES = [
    ("Nguni and Sotho", 78, ["zu_ZA", "en_GB"], ["zu_ZA"]),
    ("English", 8, ["en_GB"], ["en_GB"]),
    ("Afrikaans", 7, ["nl_NL"], ["nl_NL"]),
    ("Indian", 3, ["en_IN"], ["en_IN"]),
    ("East African", 2, ["en_KE"], ["en_KE"]),
    ("West African", 2, ["tw_GH"], ["tw_GH"]),
]

# Suburbs around the hospital, weighted towards Soweto; the weights are our choice.
PLACES = [
    ("Diepkloof", "Soweto", "1864", 9),
    ("Orlando East", "Soweto", "1804", 8),
    ("Orlando West", "Soweto", "1804", 7),
    ("Meadowlands", "Soweto", "1852", 9),
    ("Pimville", "Soweto", "1809", 7),
    ("Dobsonville", "Soweto", "1863", 8),
    ("Protea Glen", "Soweto", "1818", 9),
    ("Zola", "Soweto", "1868", 6),
    ("Jabulani", "Soweto", "1868", 5),
    ("Naledi", "Soweto", "1861", 5),
    ("Moletsane", "Soweto", "1868", 4),
    ("Chiawelo", "Soweto", "1818", 5),
    ("Dube", "Soweto", "1801", 4),
    ("Mofolo", "Soweto", "1801", 4),
    ("Eldorado Park", "Johannesburg", "1811", 7),
    ("Lenasia", "Johannesburg", "1827", 6),
    ("Ennerdale", "Johannesburg", "1830", 4),
    ("Orange Farm", "Johannesburg", "1805", 7),
    ("Riverlea", "Johannesburg", "2093", 2),
    ("Hillbrow", "Johannesburg", "2001", 4),
    ("Yeoville", "Johannesburg", "2198", 3),
    ("Alexandra", "Johannesburg", "2090", 4),
    ("Roodepoort", "Roodepoort", "1724", 4),
    ("Kagiso", "Krugersdorp", "1754", 4),
    ("Bekkersdal", "Westonaria", "1782", 3),
]


def text() -> str:
    """Return the vocabulary as it is stored."""
    return json.dumps(_vocabulary(), ensure_ascii=False, indent=0) + "\n"


def _vocabulary() -> dict[str, object]:
    streets = Faker("en_GB", use_weighting=False)
    streets.seed_instance(SEED)
    return {
        "communities": [
            {
                "name": name,
                "share": share,
                "female": _names(given, "first_name_female"),
                "male": _names(given, "first_name_male"),
                "last": _names(family, "last_name"),
            }
            for name, share, given, family in COMMUNITIES
        ],
        "streets": sorted(
            {
                f"{streets.last_name()} {suffix}"
                for suffix in ("Street", "Road", "Avenue", "Drive")
                for _ in range(150)
            }
        ),
        "places": [
            {"suburb": suburb, "city": city, "postal_code": code, "weight": weight}
            for suburb, city, code, weight in PLACES
        ],
    }


def _names(locales: list[str], kind: str) -> list[str]:
    """Return the distinct names that Faker draws for the locales, in alphabetical order."""
    names: set[str] = set()
    for locale in locales:
        faker = Faker(locale, use_weighting=False)
        faker.seed_instance(SEED)
        names.update(getattr(faker, kind)() for _ in range(DRAWS))
    return sorted(name for name in names if PLAIN_NAME.match(name) and len(name) <= 40)


FILE = GeneratedFile("vocabulary", TARGET, text)
