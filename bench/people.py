"""People: our generator against a plain Faker loop that makes the same columns.

`python -m bench.people`
"""

import numpy as np
from faker import Faker

from bench.measure import in_turn, keep, median_and_spread
from hospital_assets.profile import load_hospital
from hospital_assets.simulation.id_numbers import luhn_check_digit
from hospital_assets.simulation.identity import Identities
from hospital_assets.simulation.population import person

OURS, THEIRS = 150_000, 1_000  # ours: what a month of extracts holds
RUNS = 5


def faker_rows(faker: Faker, count: int) -> list[tuple[object, ...]]:
    """Return people as a script with Faker makes them, row by row."""
    rows = []
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
                faker.last_name(),
                sex,
                born,
                f"{digits:012d}{luhn_check_digit(digits)}",
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
    identities = Identities(hospital.seed, hospital.skeleton.people, hospital.vocabulary)
    numbers = np.arange(OURS)
    persons = person(numbers % 2, numbers)
    faker = Faker()
    samples = in_turn(
        {
            "ours": lambda: identities.frame(persons),
            "faker": lambda: faker_rows(faker, THEIRS),
        },
        RUNS,
    )
    ratios = [
        (theirs / THEIRS) / (ours / OURS)
        for ours, theirs in zip(samples["ours"], samples["faker"], strict=True)
    ]
    print(f"ours, {OURS:,} people:   {median_and_spread(samples['ours'])} s")
    print(f"Faker, {THEIRS:,} people:      {median_and_spread(samples['faker'])} s")
    print(f"ours is as many times as fast: {median_and_spread(ratios)}")
    keep("people", {"rows": {"ours": OURS, "faker": THEIRS}, "seconds": samples})


if __name__ == "__main__":
    main()
