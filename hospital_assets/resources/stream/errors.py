"""What can go wrong with the stream."""

from hospital_assets.errors import HospitalError


class StreamError(HospitalError):
    """The stream can't go on; the message says in one line why, and what to do."""


class OtherLogError(StreamError):
    """A topic was made anew or has lost what comes next; nothing but a person's choice mends it."""


class UnavailableError(RuntimeError):
    """A step failed in a way that passes: a new attempt goes on where this one stopped."""
