"""People: our generator against a plain Faker loop that makes the same columns.

`python -m bench.people`
"""

import numpy as np
import polars as pl
from faker import Faker

from bench.measure import Comparison, Goal, Side, in_turn, keep, ratios, same
from hospital_assets.configuration.hospital_files import load_hospital
from hospital_assets.simulation.people.id_numbers import luhn_check_digit
from hospital_assets.simulation.population.person_numbers import person

OURS, THEIRS = 150_000, 1_000  # ours: what a month of extracts holds
RUNS = 5


def faker_rows(faker: Faker, count: int) -> list[tuple[object, ...]]:
    """Return people as a script with Faker makes them, row by row."""
    rows: list[tuple[object, ...]] = []
    for number in range(count):
        sex = faker.random_element(("female", "male"))
        born = faker.date_of_birth(maximum_age=100)
        first = faker.first_name_female() if sex == "female" else faker.first_name_male()
        serial = faker.random_int(0, 4999) + (0 if sex == "female" else 5000)
        digits = int(f"{born:%y%m%d}{serial:04d}08")
        rows.append(
            (
                number,
                first,
                faker.first_name(),
                faker.last_name(),
                sex,
                born,
                f"{digits:012d}{luhn_check_digit(digits)}",
                faker.passport_number(),
                faker.language_name(),
                faker.country_code("alpha-3"),
                faker.numerify("0#########"),
                faker.street_address(),
                faker.city(),
                faker.city(),
                faker.numerify("####"),
            )
        )
    return rows


def main() -> None:
    """Measure, print and keep."""
    hospital = load_hospital()
    identities = hospital.identities
    numbers = np.arange(OURS)
    persons = person(numbers % 2, numbers)
    faker = Faker()

    def ours() -> pl.DataFrame:
        phones = identities.phones.numbers(persons)
        return identities.frame(identities.of(persons)).with_columns(phone=phones)

    samples = in_turn(
        {
            "ours": ours,
            "faker": lambda: faker_rows(faker, THEIRS),
        },
        RUNS,
    )
    made, looped = ours(), faker_rows(faker, THEIRS)
    same("people", (made.height, len(looped)), (OURS, THEIRS))
    each = [taken / OURS * 1e6 for taken in samples["ours"]]
    theirs = [taken / THEIRS * 1e6 for taken in samples["faker"]]
    comparison = Comparison(
        "people",
        Side(f"{OURS:,} at a time", each, "µs each"),
        Side("plain Faker loop, same columns", theirs, "µs each"),
        ratios(theirs, each),
        Goal(">=", 300),
    )
    at_once = Comparison(
        f"{OURS:,} people",
        Side("at once", samples["ours"]),
        None,
        samples["ours"],
        Goal("<=", 0.35, "s"),
    )
    keep("people", [comparison, at_once], rows={"ours": OURS, "faker": THEIRS}, seconds=samples)


if __name__ == "__main__":
    main()
