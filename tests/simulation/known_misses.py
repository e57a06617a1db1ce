"""The targets that the hospital misses over a year, by what is wrong.

A target that is met again must be taken off: pytest says so.
"""

_MISSES: dict[str, tuple[str, ...]] = {}
KNOWN_MISSES = {name: reason for reason, names in _MISSES.items() for name in names}
