"""What a compose file says, read as `docker compose` reads it: interpolated and merged."""

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from dotenv import dotenv_values

_VARIABLE = re.compile(
    r"\$(?:(?P<escaped>\$)|(?P<plain>[A-Za-z_]\w*)"
    r"|\{(?P<name>[A-Za-z_]\w*)(?:(?P<operator>:?[-?+])(?P<argument>[^}]*))?\})"
)
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_REPLACED_LISTS = {"command", "entrypoint", "test"}


class ComposeError(Exception):
    """The compose file can't be used; the message says what `docker compose` would refuse."""


@dataclass(frozen=True)
class Healthcheck:
    """When a service counts as healthy: a command, and times in seconds."""

    test: list[str]
    interval: float
    timeout: float
    retries: int
    start_period: float
    start_interval: float


@dataclass(frozen=True)
class Mount:
    """Something at a path of the container: a file or folder, a volume, or memory."""

    kind: str
    source: str
    target: str
    read_only: bool


@dataclass(frozen=True)
class Service:
    """One service with all that a process of it is given."""

    name: str
    image: str
    dockerfile: Path | None
    entrypoint: list[str] | None
    command: list[str] | None
    environment: dict[str, str]
    mounts: list[Mount]
    depends_on: dict[str, str]
    healthcheck: Healthcheck | None
    restart: str
    networks: list[str]
    aliases: list[str]
    shares_network_of: str | None
    user: str
    read_only: bool
    stop_signal: str | None
    stop_seconds: float


@dataclass(frozen=True)
class Compose:
    """The services of a project, by name."""

    services: dict[str, Service]

    def without(self, name: str) -> "Compose":
        """Return all services but one, which no other may need."""
        return Compose({each: one for each, one in self.services.items() if each != name})


def read_compose(files: Sequence[Path], variables: Mapping[str, str]) -> Compose:
    """Return what the files say together, later ones above earlier ones.

    Raises ComposeError if a variable that they need is not set.
    """
    content: Any = {}
    for file in files:
        with file.open(encoding="utf-8") as text:
            content = _merge(content, yaml.load(text, _Loader))  # noqa: S506  (a SafeLoader)
    content = _interpolate(_without_tags(content), variables)
    folder = files[0].parent
    built = {
        entry.get("image", ""): _dockerfile(entry["build"], folder)
        for entry in content["services"].values()
        if "build" in entry
    }
    return Compose(
        {
            name: _service(name, entry, content, folder, variables, built)
            for name, entry in content["services"].items()
            # What belongs to a profile runs only when it is called by name.
            if not entry.get("profiles")
        }
    )


class _Loader(yaml.SafeLoader):
    """YAML with the two tags by which an override file takes something away."""


@dataclass(frozen=True)
class _Override:
    value: Any


_Loader.add_constructor("!reset", lambda loader, node: _Override(None))
_Loader.add_constructor("!override", lambda loader, node: _Override(_construct(loader, node)))


def _construct(loader: yaml.SafeLoader, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node)


def _merge(below: Any, above: Any, key: str = "") -> Any:
    if isinstance(above, _Override):
        return above
    if key in ("environment", "depends_on"):
        below, above = _as_mapping(below), _as_mapping(above)
    if isinstance(below, dict) and isinstance(above, dict):
        return below | {
            name: _merge(below[name], value, name) if name in below else value
            for name, value in above.items()
        }
    if isinstance(below, list) and isinstance(above, list) and key not in _REPLACED_LISTS:
        return below + [each for each in above if each not in below]
    return above


def _without_tags(value: Any) -> Any:
    if isinstance(value, _Override):
        value = value.value
    if isinstance(value, dict):
        plain = {name: _without_tags(each) for name, each in value.items()}
        reset = {name for name, each in value.items() if each == _Override(None)}
        return {name: each for name, each in plain.items() if name not in reset}
    if isinstance(value, list):
        return [_without_tags(each) for each in value]
    return value


def _interpolate(value: Any, variables: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _interpolate(each, variables) for name, each in value.items()}
    if isinstance(value, list):
        return [_interpolate(each, variables) for each in value]
    if isinstance(value, str):
        return _VARIABLE.sub(lambda found: _value(found, variables), value)
    return value


def _value(found: re.Match[str], variables: Mapping[str, str]) -> str:
    if found["escaped"]:
        return "$"
    name = found["plain"] or found["name"]
    operator, argument = found["operator"] or "", found["argument"] or ""
    value = variables.get(name)
    there = value is not None and (value != "" or not operator.startswith(":"))
    if operator.endswith("+"):
        return argument if there else ""
    if operator.endswith("?") and not there:
        raise ComposeError(f"required variable {name} is missing a value: {argument}")
    if there and value is not None:
        return value
    return argument if operator.endswith("-") else ""


def _service(
    name: str,
    entry: dict[str, Any],
    content: dict[str, Any],
    folder: Path,
    variables: Mapping[str, str],
    built: Mapping[str, Path],
) -> Service:
    if "build" not in entry and "image" not in entry:
        raise ComposeError(f"service {name} has neither an image nor a build context specified")
    network_of = entry.get("network_mode", "").partition("service:")[2]
    return Service(
        name=name,
        image=entry.get("image", ""),
        dockerfile=built.get(entry.get("image", "")),
        entrypoint=_words(entry.get("entrypoint")),
        command=_words(entry.get("command")),
        environment=_environment(entry, folder, variables),
        mounts=list(_mounts(entry, content, folder)),
        depends_on={
            other: (condition or {}).get("condition", "service_started")
            for other, condition in _as_mapping(entry.get("depends_on")).items()
        },
        healthcheck=_healthcheck(entry.get("healthcheck")),
        restart=str(entry.get("restart", "no")),
        networks=list(_as_mapping(entry.get("networks", ["default"]))),
        aliases=[
            alias
            for network in _as_mapping(entry.get("networks")).values()
            for alias in (network or {}).get("aliases", [])
        ],
        shares_network_of=network_of or None,
        user=str(entry.get("user", "")),
        read_only=bool(entry.get("read_only", False)),
        stop_signal=entry.get("stop_signal"),
        stop_seconds=seconds(entry.get("stop_grace_period", "10s")),
    )


def _dockerfile(build: str | dict[str, str], folder: Path) -> Path:
    if isinstance(build, str):
        return folder / build / "Dockerfile"
    return folder / build.get("context", ".") / build.get("dockerfile", "Dockerfile")


def _words(value: str | list[Any] | None) -> list[str] | None:
    if value is None:
        return None
    return shlex.split(value) if isinstance(value, str) else [str(word) for word in value]


def _as_mapping(value: Any) -> dict[str, Any]:
    if isinstance(value, list):
        pairs = (str(each).partition("=") for each in value)
        return {name: text if equals else None for name, equals, text in pairs}
    return dict(value or {})


def _environment(
    entry: dict[str, Any], folder: Path, variables: Mapping[str, str]
) -> dict[str, str]:
    files = entry.get("env_file", [])
    found: dict[str, Any] = {}
    for file in [files] if isinstance(files, str) else files:
        found |= dotenv_values(folder / file)
    for name, value in _as_mapping(entry.get("environment")).items():
        # Without a value it is that of whoever calls, if there is one.
        found[name] = variables.get(name) if value is None else _text(value)
    return {name: value for name, value in found.items() if value is not None}


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _mounts(entry: dict[str, Any], content: dict[str, Any], folder: Path) -> list[Mount]:
    mounts = [_volume(volume, folder) for volume in entry.get("volumes", [])]
    for kind, default in (("secrets", "/run/secrets/"), ("configs", "/")):
        for each in entry.get(kind, []):
            use = {"source": each} if isinstance(each, str) else each
            target = use.get("target", use["source"])
            if not target.startswith("/"):
                target = default + target
            declared = content[kind][use["source"]]
            if "content" in declared:
                mounts.append(Mount("content", declared["content"], target, True))
            else:
                mounts.append(Mount(kind[:-1], str(folder / declared["file"]), target, True))
    tmpfs = entry.get("tmpfs", [])
    targets = [each.partition(":")[0] for each in ([tmpfs] if isinstance(tmpfs, str) else tmpfs)]
    return [*mounts, *(Mount("tmpfs", "", target, False) for target in targets)]


def _volume(volume: str | dict[str, Any], folder: Path) -> Mount:
    if isinstance(volume, str):
        source, target, *options = volume.split(":")
        kind = "bind" if source.startswith((".", "/", "~")) else "volume"
        volume = {"type": kind, "source": source, "target": target, "read_only": options == ["ro"]}
    source = str(volume.get("source", ""))
    if volume["type"] == "bind":
        source = str(folder / source)
    return Mount(volume["type"], source, volume["target"], bool(volume.get("read_only", False)))


def _healthcheck(entry: dict[str, Any] | None) -> Healthcheck | None:
    if entry is None or entry.get("disable"):
        return None
    test = entry["test"]
    if isinstance(test, str):
        test = ["CMD-SHELL", test]
    return Healthcheck(
        test=[str(word) for word in test],
        interval=seconds(entry.get("interval", "30s")),
        timeout=seconds(entry.get("timeout", "30s")),
        retries=int(entry.get("retries", 3)),
        start_period=seconds(entry.get("start_period", "0s")),
        start_interval=seconds(entry.get("start_interval", "5s")),
    )


def seconds(duration: str) -> float:
    """Return a duration such as 1m30s in seconds."""
    return sum(float(number) * _UNITS[unit] for number, unit in _DURATION.findall(str(duration)))
