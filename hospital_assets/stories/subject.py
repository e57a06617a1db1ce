"""What a story is about: its kind can be seen from the form of its id."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What has an id of its own."""

    ENCOUNTER = "encounter"
    PERSON = "person"
    STAFF = "member of staff"
    TRANSFER = "transfer"


_FORMS = {
    Kind.ENCOUNTER: r"\d{13}",
    Kind.PERSON: r"\d{8}",
    Kind.STAFF: r"\d{1,7}",
    Kind.TRANSFER: r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
}


@dataclass(frozen=True)
class Subject:
    """What a story is about."""

    kind: Kind
    id: str

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def number(self) -> int:
        """The id as a number; a transfer has none."""
        return int(self.id)

    @classmethod
    def of(cls, text: str) -> "Subject":
        """Return what an id is of; raises ValueError if it is the id of nothing."""
        wanted = text.strip().lower()
        for kind, form in _FORMS.items():
            if re.fullmatch(form, wanted):
                return cls(kind, wanted)
        raise ValueError(
            f"{text!r} is no id: an encounter's has 13 digits, a person's 8, a doctor's 7 at most,"
            " and a transfer's is a UUID"
        )
