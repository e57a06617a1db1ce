"""What can be wrong with the place where the lake lies."""

from hospital_assets.errors import HospitalError, ServiceAwayError


class FileStoreError(HospitalError):
    """The storage can't be used; the message names it and says what to do."""


class FileStoreAwayError(FileStoreError, ServiceAwayError):
    """The storage doesn't answer now; a later attempt may find it again."""
