"""The errors that a person can mend, and how any error is told in one line."""


class HospitalError(Exception):
    """Something went wrong that a person can mend: one line of what, where and what to do."""


class ServiceAwayError(HospitalError):
    """A service doesn't answer now; a later attempt may find it again."""


def one_line(error: BaseException | str) -> str:
    """Return an error's message without its line breaks, or its class where it has no message."""
    return " ".join(str(error).split()) or type(error).__name__
