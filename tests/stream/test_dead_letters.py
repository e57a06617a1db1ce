"""Messages that no client of ours sends, and what is kept and copied of them."""

from typing import Any

import confluent_kafka
import pytest

from hospital_assets.resources.stream import dead_letters
from hospital_assets.resources.stream.errors import StreamError
from tests.stream.sites import Site


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
