"""The latest rows: which one of each key is kept, and which files are refused."""

from datetime import date

import pytest

from hospital_assets.contracts.people import PEOPLE
from hospital_assets.resources.warehouse.latest_rows import UnfitFileError, latest_rows

MARCH_1, MARCH_2 = date(2021, 3, 1), date(2021, 3, 2)
HEADER = ",".join(PEOPLE.schema.column_names())


def file(day: date, *people: tuple[int, str]) -> bytes:
    rows = [
        f'{day},{number},Thandi,"Dlamini, {name}",female,1990-01-01,9001010123083,0821234567,'
        f"1 Main Road,Soweto,Johannesburg,1804,,"
        for number, name in people
    ]
    return "\n".join([HEADER, *rows, ""]).encode()


def test_each_key_keeps_its_line_of_the_latest_day_whatever_the_order_of_the_files() -> None:
    early, late = file(MARCH_1, (3, "c"), (1, "a")), file(MARCH_2, (3, "C"), (2, "b"))

    content, rows = latest_rows(PEOPLE, {MARCH_2: late, MARCH_1: early})

    assert rows == 4
    assert content.splitlines() == [
        HEADER.encode(),
        file(MARCH_1, (1, "a")).splitlines()[1],
        file(MARCH_2, (2, "b")).splitlines()[1],
        file(MARCH_2, (3, "C")).splitlines()[1],
    ]


def test_files_without_rows_are_no_rows() -> None:
    assert latest_rows(PEOPLE, {MARCH_1: file(MARCH_1)}) == (HEADER.encode() + b"\n", 0)


def test_a_last_line_without_an_end_is_a_line() -> None:
    whole = file(MARCH_1, (1, "a")), file(MARCH_2, (2, "b"))
    cut = whole[0].removesuffix(b"\n"), whole[1].removesuffix(b"\n")

    assert latest_rows(PEOPLE, {MARCH_1: cut[0], MARCH_2: cut[1]}) == latest_rows(
        PEOPLE, {MARCH_1: whole[0], MARCH_2: whole[1]}
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "begins with"),
        (file(MARCH_1, (1, "a")).split(b"\n", 1)[1], "begins with"),
        (file(MARCH_2, (1, "a")), "a row of 2021-03-02"),
        (file(MARCH_1, (1, "a"), (1, "b")), "has 1 twice"),
        (file(MARCH_1, (1, "a")) + b"2021-03-01,one,\n", "not a CSV file"),
        (file(MARCH_1, (1, "a")) + b"\n", "a row of None"),
        (file(MARCH_1, (1, "a\nb")), "breaks a line"),
    ],
)
def test_a_file_that_is_not_its_days_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(UnfitFileError, match=reason):
        latest_rows(PEOPLE, {MARCH_1: content})
