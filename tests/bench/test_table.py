"""The page of results."""

from dataclasses import asdict
from typing import Any

from bench.measure import Comparison, Goal, Side, machine
from bench.table import BENCHES, page

HOSPITAL = "0123456789abcdef"


def result(*comparisons: Comparison, hospital: str = HOSPITAL) -> dict[str, Any]:
    return {
        "machine": machine(),
        "hospital": hospital,
        "comparisons": [asdict(one) for one in comparisons],
    }


def test_a_row_has_both_sides_the_figure_the_goal_and_the_machine() -> None:
    one = Comparison("people", Side("us", [1.0]), Side("a|b", [2.0]), [2.0], Goal(">=", 1000))
    (row,) = [
        line for line in page({"people": result(one)}, HOSPITAL).splitlines() if "us:" in line
    ]
    expected = (
        "| people | us: 1 (1 to 1) s | a\\|b: 2 (2 to 2) s | 2 (2 to 2) x | >= 1,000 x | no |"
    )
    assert row.startswith(expected)
    assert machine()["processor"] in row


def test_a_row_without_another_side_says_nothing_of_it() -> None:
    one = Comparison("memory", Side("us", [1.0], "GiB"), None, [1.0], Goal("<=", 1.5, "GiB"))
    text = page({"whole": result(one)}, HOSPITAL)
    assert "| memory | us: 1 (1 to 1) GiB |  | 1 (1 to 1) GiB | <= 1.5 GiB | yes |" in text


def test_rows_keep_the_order_of_the_benches_and_what_is_missing_is_named() -> None:
    def row(name: str) -> Comparison:
        return Comparison(f"the row {name}", Side("us", [1.0]), None, [1.0], Goal("<=", 2))

    results = {name: result(row(name)) for name in reversed(BENCHES[:3])}
    text = page(results, HOSPITAL)
    found = [text.index(f"the row {name}") for name in BENCHES[:3]]
    assert found == sorted(found)
    assert f"Without results so far: {', '.join(BENCHES[3:])}." in text


def test_what_was_measured_on_another_hospital_stands_apart() -> None:
    old = Comparison("the old row", Side("us", [1.0]), None, [1.0], Goal("<=", 2))
    new = Comparison("the new row", Side("us", [1.0]), None, [1.0], Goal("<=", 2))
    text = page({"people": result(old, hospital="another"), "whole": result(new)}, HOSPITAL)
    heading = text.index("## Of an earlier hospital")
    assert text.index("the new row") < heading < text.index("the old row")
