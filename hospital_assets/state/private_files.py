"""Files that their owner alone can read, each there as a whole or not at all."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path


def write_private(
    path: Path, content: bytes, hand_over: Callable[[Path], None] = lambda _: None
) -> None:
    """Put a file in place with mode 0600; a reader sees the old or the new one, never a part.

    `hand_over` may give it to another account before it gets its name.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        hand_over(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
