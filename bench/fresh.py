"""Days in a new process: `python -m bench.fresh 2023-03-01 2023-03-01` prints what they took.

In JSON: the seconds of the skeleton, new or found kept in the state folder of the settings, and of
all extracts after it, a month at a time.
"""

import json

from bench.installation import asked_days
from bench.measure import seconds
from hospital_assets.calendar.period import by_month
from hospital_assets.configuration.hospital_files import load_hospital
from hospital_assets.from_settings import open_hospital
from hospital_assets.registry import make_extracts


def main() -> None:
    """Make the asked days and print the seconds."""
    months = by_month(asked_days().days)
    load_hospital()
    skeleton = seconds(lambda: open_hospital().stays)
    extracts = seconds(lambda: [make_extracts(open_hospital(), month) for month in months])
    print(json.dumps({"skeleton": skeleton, "extracts": extracts}))


if __name__ == "__main__":
    main()
