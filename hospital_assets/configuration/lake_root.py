"""The lake's root as the settings name it: a path, or the URL of an object store."""

import re

SCHEME = "s3"
_BUCKET = r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"
_PREFIX = r"(?:/(?!\.\.?(?:/|$))[A-Za-z0-9._=-]+)*"
_URL = re.compile(rf"{SCHEME}://(?P<bucket>{_BUCKET})(?P<prefix>{_PREFIX})")


def is_url(place: str) -> bool:
    """Return whether a place is meant as a URL and not as a path."""
    return "://" in place


def bucket_and_prefix(url: str) -> tuple[str, str]:
    """Return the parts of a URL of an object store.

    Raises ValueError, without the URL since it may hold a password, if it is anything else.
    """
    scheme, _, rest = url.partition("://")
    if scheme != SCHEME:
        raise ValueError(
            f"scheme {scheme!r} is unknown; expected a path or {SCHEME}://bucket/prefix"
        )
    if not rest.strip("/") or rest.startswith("/"):
        raise ValueError(f"the bucket is missing; expected {SCHEME}://bucket/prefix")
    match = _URL.fullmatch(url.rstrip("/"))
    if match is None:
        raise ValueError(
            f"expected {SCHEME}://bucket/prefix, the bucket of lower-case letters, digits, '.' and"
            " '-', the prefix of letters, digits and '._=-/'; credentials belong in AWS_ variables"
        )
    return match["bucket"], match["prefix"].removeprefix("/")
