"""Ten thousand good messages among ten thousand bad ones."""

import json
import random
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import confluent_kafka
import pytest

from hospital_assets.resources.stream import dead_letters
from hospital_assets.resources.stream.errors import StreamError
from tests.stream.sites import TRANSFER_FORM, Site, transfers_of

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
    ("schema", change(departed_at="2021-03-01T07:05:00+02:00")),
    ("schema", change(transfer_date="2021-03-01", departed_at="2021-03-02T07:05:00")),
    ("schema", without_a_key),
    ("schema", change(bed="nul \x00")),
    ("outside_period", change(transfer_date="2031-03-01", departed_at="2031-03-01T07:05:00")),
    ("outside_period", change(transfer_date="2020-11-30", departed_at="2020-11-30T07:05:00")),
    ("other_version", change(schema_version=2)),
    ("contradiction", change(bed="elsewhere")),
    ("empty", lambda _, __: None),
    ("too_large", lambda _, value: value + b" " * 20_000),
]


def test_good_ones_are_stored_once_and_bad_ones_kept_with_their_reason(site: Site) -> None:
    chance = random.Random(SEED)  # noqa: S311 - the same messages every time
    rows = transfers_of(date(2021, 1, 1), date(2022, 10, 31)).head(10_000)
    drawn: list[tuple[float, bytes, bytes | None, str]] = []
    for number, (key, value, _) in enumerate(TRANSFER_FORM.messages(rows)):
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


def send(site: Site, **message: Any) -> None:
    """Send what a client may send that is less strict than ours."""
    producer = confluent_kafka.Producer({"bootstrap.servers": site.bootstrap})
    producer.produce(site.topic, partition=0, **message)
    assert producer.flush(20) == 0


def test_a_message_with_neither_key_nor_value_stops_nothing(site: Site) -> None:
    send(site)
    send(site, value=b"{broken")
    site.stream.land()

    assert site.stream.dead_letter_counts() == {"empty": 1, "not_json": 1}
    [empty] = site.letters(reason="empty")
    assert (empty.key, empty.value) == (None, None)
    [copy] = [one for one in site.mirrored() if dict(one.headers)["hospital.reason"] == b"empty"]
    assert (copy.key, copy.value) == (None, b"")
    assert dict(copy.headers)["hospital.value"] == b"null"
    assert site.query("SELECT count(*) FROM hospital.dead_letters WHERE mirrored_at IS NULL") == [
        (0,)
    ]
    with pytest.raises(StreamError, match=r"offset 0 can't be replayed: .*key nor value") as raised:
        site.stream.replay([empty])
    assert "\n" not in str(raised.value)


def test_an_empty_key_is_a_key(site: Site) -> None:
    send(site, key=b"")
    site.stream.land()

    [letter] = site.letters()
    assert (letter.key, letter.value) == (b"", None)
    [copy] = site.mirrored()
    assert (copy.key, copy.value) == (b"", None)
    with pytest.raises(StreamError, match="would only fail again: the message has no value"):
        site.stream.replay([letter])


def test_a_null_header_is_kept_and_named(site: Site) -> None:
    send(site, value=b"{broken", headers=[("trace", None), ("x", b"")])
    site.stream.land()

    [letter] = site.letters()
    assert letter.headers == [("trace", None), ("x", b"")]
    [copy] = site.mirrored()
    assert copy.headers[:2] == [("trace", b""), ("x", b"")]
    assert dict(copy.headers)["hospital.null-headers"] == b'["trace"]'
    with pytest.raises(StreamError, match="can't be replayed: its header 'trace' is null"):
        site.stream.replay([letter])


@pytest.mark.parametrize("name", ["nul\x00", "\ufffd"])
def test_a_name_that_is_not_kept_as_it_came_is_not_sent_as_another(site: Site, name: str) -> None:
    site.produce((None, b"{broken"), headers=[(name, b"1")])
    site.stream.land()

    [letter] = site.letters()
    with pytest.raises(StreamError, match="can't be replayed: the name of its header"):
        site.stream.replay([letter])
    assert site.stream.land().messages == 0


def test_a_message_too_large_for_its_copy_is_named_there(site: Site) -> None:
    """Compressed it was small enough for the broker."""
    value = b" " * (3 * 2**20)
    producer = confluent_kafka.Producer(
        {
            "bootstrap.servers": site.bootstrap,
            "compression.type": "gzip",
            "message.max.bytes": 2**23,
        }
    )
    producer.produce(site.topic, value=value, partition=0)
    assert producer.flush(20) == 0
    site.produce((b"k", b"{broken"), partition=0)
    site.stream.land()

    [letter] = site.letters(reason="too_large")
    assert letter.value == value
    copies = {dict(one.headers)["hospital.reason"]: one for one in site.mirrored()}
    assert copies[b"not_json"].value == b"{broken"
    assert copies[b"too_large"].value == b""
    assert dict(copies[b"too_large"].headers)["hospital.value"] == b"too large"
    with pytest.raises(StreamError, match="would only fail again: 3,145,728 bytes"):
        site.stream.replay([letter])


def test_copies_are_made_a_few_megabytes_at_a_time(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.produce(*((None, b"x" * 20_000) for _ in range(10)))
    monkeypatch.setattr(dead_letters, "_MIRROR_BYTES", 50_000)
    monkeypatch.setattr(dead_letters, "mirror", lambda *_: 0)
    site.stream.land()
    monkeypatch.undo()
    with site.connections.database() as connection:
        monkeypatch.setattr(dead_letters, "_MIRROR_BYTES", 50_000)
        assert len(dead_letters._not_mirrored(connection, site.kind.name)) == 3
    site.stream.land()
    assert len(site.mirrored()) == 10
