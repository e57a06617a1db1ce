"""pgAdmin for many users, as its image starts it."""

import builtins

builtins.SERVER_MODE = True  # type: ignore[attr-defined]

from pgAdmin4 import app  # noqa: E402

__all__ = ["app"]
