"""The file of the scorecard's targets: what ships is read, what is wrong is refused in one line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hospital_assets.configuration.scorecard_targets import FILE, load_targets
from hospital_assets.configuration.settings import ROOT, SettingsError

SHIPPED = (ROOT / "configs" / FILE).read_text(encoding="utf-8")
OCCUPANCY = 'name = "occupancy", title = "beds taken at midnight", low = 85, high = 91'


def changed(old: str, new: str) -> Callable[[Path], None]:
    assert old in SHIPPED
    return lambda file: file.write_text(SHIPPED.replace(old, new, 1), encoding="utf-8")


def test_the_targets_that_ship_are_read() -> None:
    targets = load_targets(ROOT / "configs")
    published = [
        one for theme in targets.targets.values() for one in theme if one.source == "published"
    ]
    assert published
    assert all(one.citation for one in published)
    assert list(targets.public_holidays) == sorted(set(targets.public_holidays))


@pytest.mark.parametrize(
    ("change", "expectation"),
    [
        (Path.unlink, "there is no such file"),
        (changed("[targets]", "[targets"), "not readable as toml"),
        (changed("low = 85", 'low = "85"'), "stays.0.low: Input should be a valid number"),
        (changed("low = 85", "low = 95"), "occupancy: high must not lie below low"),
        (changed(OCCUPANCY, OCCUPANCY.replace(", low = 85, high = 91", "")), "must have low"),
        (changed('source = "published"', 'source = "hearsay"'), "Input should be"),
        (changed(', citation = "88 %: Nuffield Trust"', ""), "citation must name the source"),
        (changed('"occupancy"', '"fullness"'), "targets.stays: nothing measures fullness"),
        (changed('"occupancy"', '"mortality"'), "mortality stands there twice"),
        (changed("low = 85", "lower = 85"), "Unexpected keyword argument"),
        (changed("2020-12-16", "2020-12-32"), "not readable as toml"),
    ],
)
def test_a_file_that_is_wrong_is_refused_in_one_line(
    change: Callable[[Path], None], expectation: str, tmp_path: Path
) -> None:
    file = tmp_path / FILE
    file.write_text(SHIPPED, encoding="utf-8")
    change(file)
    with pytest.raises(SettingsError) as caught:
        load_targets(tmp_path)
    message = str(caught.value)
    assert str(file) in message
    assert expectation in message
    assert "\n" not in message
