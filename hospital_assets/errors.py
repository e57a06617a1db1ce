"""The errors that a person can mend."""


class HospitalError(Exception):
    """Something went wrong that a person can mend: one line of what, where and what to do."""
