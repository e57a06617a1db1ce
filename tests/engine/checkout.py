"""A checkout of a test's own, as somebody with a strict umask has it who called `hospital init`."""

import json
import re
from pathlib import Path
from typing import Any

import yaml

from tests.checkout import copy_checkout
from tests.commands import init
from tests.engine.stand_ins import provide

_OURS = "hospital-assets"
# Not the tag that somebody's own stack on this engine has.
IMAGE = f"{_OURS}:under-test"
_BASE = re.compile(r"^FROM (\S+:\S+)", re.MULTILINE)


def make_checkout(folder: Path) -> None:
    """Copy what matters to containers, for its owner alone, and make secrets for it."""
    copy_checkout(folder)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
    init(folder)


def write_difference(checkout: Path, compose: str) -> Path:
    """Write what a test has otherwise than a compose file says, and return the file.

    Images have the names that the engine has for them, and pages are published on free ports.
    """
    (base,) = _BASE.findall((checkout / "Dockerfile").read_text(encoding="utf-8"))
    services: dict[str, Any] = {}
    for name, service in _services(checkout / compose).items():
        image = service["image"]
        services[name] = {"image": IMAGE if image.startswith(f"{_OURS}:") else provide(image)}
        if "build" in service:
            contexts = {base: f"docker-image://{provide(base)}"}
            services[name]["build"] = {"context": ".", "additional_contexts": contexts}
        if "ports" in service:
            (port,) = service["ports"]
            services[name]["ports"] = [f"127.0.0.1::{port.rpartition(':')[2]}"]
    file = checkout / f"under-test-{compose}"
    text = json.dumps({"services": services})
    # A published port is taken away by a tag that JSON has no form for.
    file.write_text(text.replace('"ports": [', '"ports": !override [') + "\n", encoding="utf-8")
    return file


def _services(file: Path) -> dict[str, Any]:
    class Loader(yaml.SafeLoader):
        """Reads compose's own tags as nothing."""

    Loader.add_multi_constructor("!", lambda *_: None)
    content = yaml.load(file.read_text(encoding="utf-8"), Loader)  # noqa: S506  (a SafeLoader)
    return {name: service for name, service in content["services"].items() if service}
