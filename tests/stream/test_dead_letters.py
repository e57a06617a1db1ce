"""Ten thousand good messages among ten thousand bad ones."""

import json
import random
from collections import Counter
from collections.abc import Callable
from datetime import date

from hospital_assets.resources.stream import wire
from tests.stream.sites import Site, transfers_of

SEED = 20210301
Spoil = Callable[[random.Random, bytes], bytes | None]


def change(**changes: object) -> Spoil:
    return lambda _, value: json.dumps(json.loads(value) | changes).encode()


def without_a_key(chance: random.Random, value: bytes) -> bytes:
    content = json.loads(value)
    del content[chance.choice(sorted(content))]
    return json.dumps(content).encode()


FAULTS: list[tuple[str, Spoil]] = [
    ("not_json", lambda chance, _: b"\xff" + chance.randbytes(chance.randrange(200))),
    ("not_json", lambda chance, value: value[: chance.randrange(1, len(value))]),
    ("schema", change(slot="one", person_id=None)),
    ("schema", change(departed_at=1_614_582_300)),
    ("schema", without_a_key),
    ("schema", change(bed="nul \x00")),
    ("other_version", change(schema_version=2)),
    ("contradiction", change(bed="elsewhere")),
    ("empty", lambda _, __: None),
    ("too_large", lambda _, value: value + b" " * 20_000),
]


def test_good_ones_are_stored_once_and_bad_ones_kept_with_their_reason(site: Site) -> None:
    chance = random.Random(SEED)  # noqa: S311 - the same messages every time
    rows = transfers_of(date(2021, 1, 1), date(2022, 10, 31)).head(10_000)
    drawn: list[tuple[float, bytes, bytes | None, str]] = []
    for number, (key, value, _) in enumerate(wire.messages(rows)):
        place = chance.random()
        reason, spoil = FAULTS[number % len(FAULTS)]
        drawn.append((place, key, value, ""))
        # Anywhere, but a contradiction after what it contradicts.
        elsewhere = place + 1e-9 if reason == "contradiction" else chance.random()
        drawn.append((elsewhere, key, spoil(chance, value), reason))
        if number % 7 == 0:
            drawn.append((chance.random(), key, value, ""))
    messages = [message[1:] for message in sorted(drawn, key=lambda one: one[0])]
    # The largest that the broker takes.
    messages.append((b"huge", b"x" * 1_000_000, "too_large"))
    site.produce(*((key, value) for key, value, _ in messages))

    report = site.stream.land()

    wanted = Counter(reason for _, _, reason in messages if reason)
    assert sum(wanted.values()) == 10_001
    assert report.rows == 10_000
    assert report.duplicates == len(range(0, 10_000, 7))
    assert site.stream.dead_letter_counts() == dict(wanted)
    kept = Counter(site.query("SELECT key, value FROM hospital.dead_letters"))
    assert kept == Counter((key, value) for key, value, reason in messages if reason)
    assert Counter((one.key, one.value) for one in site.mirrored()) == kept
    assert site.query("SELECT count(*) FROM hospital.dead_letters WHERE mirrored_at IS NULL") == [
        (0,)
    ]
    site.check(rows)
