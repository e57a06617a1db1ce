"""What can be wrong with the state folder."""

from hospital_assets.errors import HospitalError


class StateError(HospitalError):
    """The state folder can't be used; the message says which, why, and what to do."""


class StateLockedError(StateError):
    """Another process of this checkout does the same; the message names the lock."""
