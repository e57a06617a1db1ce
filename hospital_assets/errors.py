"""The errors that a person can mend, and how any error is told in one line."""


class HospitalError(Exception):
    """Something went wrong that a person can mend: one line of what, where and what to do."""


class ServiceAwayError(HospitalError):
    """A service doesn't answer now; a later attempt may find it again."""


def one_line(error: BaseException | str) -> str:
    """Return an error's message without its line breaks, or its class where it has no message."""
    return " ".join(str(error).split()) or type(error).__name__


# In the words of PostgreSQL, whose client gives no code for what happens before it is let in.
_REFUSALS = ("authentication failed", "does not exist", "permission denied", "not permitted")


def is_refusal(error: BaseException) -> bool:
    """Return whether a connection was refused for good: a later try would be told the same."""
    return any(words in str(error) for words in _REFUSALS)
