"""What others send, in short; `make stream-trials` sends ten thousand of each."""

import random

from hospital_assets.configuration.settings import Settings
from tests.stream import trials
from tests.stream.sites import Site

SEED = 20210301


def test_good_ones_are_stored_once_and_bad_ones_kept_with_their_reason(
    site: Site, kafka_settings: Settings
) -> None:
    chance = random.Random(SEED)  # noqa: S311 - the same messages every time

    trials.bad_messages(site, kafka_settings.state / "kafka" / "data", 600, chance)


def test_exactly_what_transactions_have_committed_is_landed(site: Site) -> None:
    chance = random.Random(SEED)  # noqa: S311 - the same messages every time

    trials.transactions(site, 25, chance)
