"""The simulated calendar: ranges of days, and which of them are due at an instant.

Pure: nothing here reads the clock, a file or a database; every instant is an argument.
"""
