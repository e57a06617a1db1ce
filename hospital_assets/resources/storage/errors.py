"""What can be wrong with the place where the lake lies."""

from hospital_assets.errors import HospitalError


class StorageError(HospitalError):
    """The storage can't be used; the message names it and says what to do."""


class StorageAwayError(StorageError):
    """The storage doesn't answer now; a later attempt may find it again."""
