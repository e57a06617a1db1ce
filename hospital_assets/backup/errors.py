"""What can be wrong with a backup, or with the place to restore it into."""

from hospital_assets.errors import HospitalError


class BackupError(HospitalError):
    """A backup can't be made or restored; the message says why, and what to do."""
