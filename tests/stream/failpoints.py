"""Named steps of publishing and landing, at one of which a process dies as by a power cut.

The product knows nothing of them: each lies right before or right after one of its calls, which is
wrapped in the process that is to die.
"""

import os
import signal
from dataclasses import dataclass
from functools import wraps
from typing import Any

from hospital_assets.resources.lake.file_store import folder
from hospital_assets.resources.stream import dead_letters, offsets, published_slots, publisher, rows
from hospital_assets.resources.stream.files import StreamFolder
from hospital_assets.resources.stream.landing import Landing


@dataclass(frozen=True)
class Failpoint:
    """The moment before or after what `call` names in a module or class of the product."""

    owner: Any
    call: str
    after: bool

    def arm(self) -> None:
        """Let this process die there, whenever it comes there first."""
        call = getattr(self.owner, self.call)

        @wraps(call)
        def deadly(*arguments: Any, **options: Any) -> None:
            if self.after:
                call(*arguments, **options)
            os.kill(os.getpid(), signal.SIGKILL)

        setattr(self.owner, self.call, deadly)


def before(owner: Any, call: str) -> Failpoint:
    """Return the moment before a call."""
    return Failpoint(owner, call, after=False)


def after(owner: Any, call: str) -> Failpoint:
    """Return the moment after a call."""
    return Failpoint(owner, call, after=True)


PUBLISHING = {
    "before_produce": before(publisher, "_send"),
    "after_produce": after(publisher, "_send"),
    "before_published_row": before(published_slots, "record"),
    "after_published_row": after(published_slots, "record"),
}
LANDING = {
    "after_poll": before(Landing, "land_chunk"),
    "before_file": before(StreamFolder, "write"),
    "after_file_tmp": after(folder, "_temporary"),
    "after_file_replace": after(StreamFolder, "write"),
    "before_copy": before(rows, "insert"),
    "after_copy": after(rows, "insert"),
    "before_commit": after(offsets, "move"),
    "after_commit": after(Landing, "land_chunk"),
    "before_mirror": before(dead_letters, "_copy"),
    "after_mirror": after(dead_letters, "_copy"),
}
STEPS = PUBLISHING | LANDING
