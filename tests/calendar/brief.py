"""The period of the brief, and days of it for properties."""

from datetime import date

from hypothesis import strategies as st

from hospital_assets.calendar.period import Period

PERIOD = Period(date(2020, 12, 1), date(2025, 3, 31))

_STRETCHES = st.lists(st.tuples(st.integers(0, PERIOD.length - 1), st.integers(1, 200)), max_size=6)

# Single days would hardly ever follow each other.
some_days = _STRETCHES.map(
    lambda stretches: {
        day for first, length in stretches for day in PERIOD.days[first : first + length]
    }
)
