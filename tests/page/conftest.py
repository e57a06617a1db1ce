"""One page for all tests of this folder."""

from collections.abc import Iterator

import pytest

from hospital_assets.configuration.settings import Settings
from tests.page.running import RunningPage, running_page


@pytest.fixture(scope="session")
def page(
    postgres_settings: Settings, postgres_dsn: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningPage]:
    """A page that shows the hospital's assets."""
    with running_page(postgres_settings, tmp_path_factory.mktemp("page") / "log") as page:
        yield page
