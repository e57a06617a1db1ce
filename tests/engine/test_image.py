"""The image: what it weighs, how soon an edit is in it, and who may run it."""

import json
import time

import pytest

from tests.engine.checkout import IMAGE
from tests.engine.docker import docker
from tests.engine.stack import Stack

pytestmark = pytest.mark.engine

MEGABYTE = 1e6


def layers() -> list[str]:
    """Return the layers of the image, from the bottom."""
    (found,) = json.loads(docker("image", "inspect", IMAGE))
    return list(found["RootFS"]["Layers"])


def test_an_edit_of_ours_leaves_the_packages_as_they_are(
    project: Stack, figures: list[str]
) -> None:
    sizes = docker("history", "--human=false", "--format", "{{.Size}}\t{{.CreatedBy}}", IMAGE)
    for line in sizes.splitlines():
        size, _, made_by = line.partition("\t")
        if int(size) > MEGABYTE:
            figures.append(f"layer of {int(size) / MEGABYTE:.0f} MB: {made_by[:60]}")
    before = layers()
    with (project.checkout / "hospital_assets" / "errors.py").open("a") as module:
        module.write("\nEDITED = True\n")
    begun = time.monotonic()
    project.compose("build")
    figures.append(f"built again after an edit of a module: {time.monotonic() - begun:.1f} s")

    after = layers()
    # The last two are our own sources, and the folder that a container begins in.
    assert after[:-2] == before[:-2]
    assert after[-2] != before[-2]
    code = "from hospital_assets.errors import EDITED; print(EDITED)"
    assert docker("run", "--rm", IMAGE, "python", "-c", code) == "True"


def test_anybody_may_run_what_was_built_from_a_checkout_of_its_owner_alone(
    project: Stack,
) -> None:
    assert (project.checkout / "hospital_assets").stat().st_mode & 0o077 == 0
    words = ("run", "--rm", "--user", "4711:4711", "--read-only", "--network", "none")
    assert "verify" in docker(*words, IMAGE, "hospital", "--help")


def test_one_service_builds_the_image_for_all(project: Stack) -> None:
    services = json.loads(project.compose("--profile", "backup", "config", "--format", "json"))
    builders = [name for name, each in services["services"].items() if "build" in each]
    users = [name for name, each in services["services"].items() if each["image"] == IMAGE]
    assert len(builders) == 1
    assert len(users) == 8
