"""Replacing one day in a full database, against the first load of that day.

`python -m bench.replace`, or with a first and a last day for a database that is less full. Some
days are left out when it is filled, so that each can be loaded for the first time.
"""

from datetime import date, timedelta
from functools import partial

from bench.installation import asked_days, days_of, installation
from bench.measure import Comparison, Goal, Side, keep, ratios, same, seconds
from bench.plain import PlainScript
from hospital_assets.contracts.people import PEOPLE
from hospital_assets.registry import EXTRACTS

RUNS = 9
DAILY = [row.contract for row in EXTRACTS if row.contract.is_daily]


def spread(days: list[date], count: int) -> list[date]:
    """Return so many of the days, evenly spread, without the first and the last."""
    return [days[len(days) * number // (count + 1)] for number in range(1, count + 1)]


def state(script: PlainScript, day: date) -> tuple[dict[str, str | None], int]:
    """Return what the tables hold of a day, by SHA-256, and by how many people they fall short."""
    people = script.warehouse.compare(PEOPLE, {day: script.lake.csv(PEOPLE, day)})
    return {one.name: script.warehouse.digest(one, day) for one in DAILY}, len(people)


def expected(script: PlainScript, day: date) -> tuple[dict[str, str], int]:
    """Return what the tables should hold of a day: the files in the lake."""
    found = {one.name: script.lake.manifest(one, day) for one in DAILY}
    return {name: manifest.csv.sha256 for name, manifest in found.items() if manifest}, 0


def main() -> None:
    """Measure, print and keep."""
    days = asked_days().days
    left_out = spread(days, RUNS)
    first, again = [], []
    with installation():
        script = PlainScript()
        script.records(days, not_loaded=left_out)
        rows = script.warehouse.row_counts()
        for day in left_out:
            # The month's pages are in memory for both, not for the later one alone.
            script.load([day - timedelta(days=1)])
            first.append(seconds(partial(script.load, [day])))
            same(f"{day} after its first load", state(script, day), expected(script, day))
            before = script.warehouse.row_counts()
            again.append(seconds(partial(script.load, [day])))
            same(f"{day} after its replacement", state(script, day), expected(script, day))
            same("rows", script.warehouse.row_counts(), before)
    comparison = Comparison(
        f"replace a day in a database of {days_of(len(days))}",
        Side("a day that is there", again),
        Side("its first load", first),
        ratios(again, first),
        Goal("<=", 1.5),
    )
    keep("replace", [comparison], rows=rows, days=[day.isoformat() for day in left_out])


if __name__ == "__main__":
    main()
