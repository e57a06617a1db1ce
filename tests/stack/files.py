"""The files of a container: its mounts and programs in a folder of this machine."""

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.stack.composefile import ComposeError, Mount, Service
from tests.stack.images.image import Image
from tests.stack.network import Network

_AFTER_A_PATH = r"(?=$|[/\s\"'`:,;)\]}\x1f])"


@dataclass(frozen=True)
class Files:
    """Where the paths of one container are.

    `root` takes the place of the container's root folder, `volumes` is shared by the project.
    What is mounted from the project is copied, with addresses for the names of services and the
    folders of this machine for the paths of the container.
    """

    service: Service
    image: Image
    network: Network
    root: Path
    volumes: Path

    def prepare(self) -> None:
        """Make everything that the image and the mounts bring.

        Raises ComposeError if something that is mounted does not exist.
        """
        self.volumes.mkdir(parents=True, exist_ok=True)
        for folder in (*self.image.folders, *self.image.made):
            self.path(folder).mkdir(parents=True, exist_ok=True)
        for source, target in self.image.copies:
            self._copy_tree(source, self.path(target))
        for mount in self.service.mounts:
            self._mount(mount)
        for path, script in self.image.programs.items():
            program = self.path(path)
            program.parent.mkdir(parents=True, exist_ok=True)
            program.write_text(f"#!/bin/sh\n{script}", encoding="utf-8")
            program.chmod(0o755)

    def path(self, inside: str) -> Path:
        """Return where a path of the container is on this machine.

        A volume is at one place for all, and so is a folder of the image that holds volumes: a link
        to it would not be taken for a mount by whoever looks where paths lead.
        """
        shared = any(inside == each or inside.startswith(f"{each}/") for each in self._shared())
        return Path(f"{self.volumes if shared else self.root}{inside}")

    def rewrite(self, text: str) -> str:
        """Return a text of the container as it is true on this machine."""
        return self.network.rewrite(self._rewrite_paths(text), self.service.name)

    def rewrite_words(self, words: list[str]) -> list[str]:
        """Return a command of the container as it is true on this machine."""
        words = [self._rewrite_paths(word) for word in words]
        return self.network.rewrite_words(words, self.service.name)

    def rewrite_variables(self, variables: dict[str, str]) -> dict[str, str]:
        """Return an environment of the container as it is true on this machine."""
        variables = {name: self._rewrite_paths(value) for name, value in variables.items()}
        return self.network.rewrite_variables(variables, self.service.name)

    def _places(self) -> dict[str, Path]:
        targets = [mount.target for mount in self.service.mounts]
        image = self.image
        known = [*image.folders, *image.made, *image.programs, *targets, "/run/secrets"]
        if image.working_folder != "/":
            known.append(image.working_folder)
        found = {target: self.path(target) for target in known}
        # The innermost holds.
        return dict(sorted(found.items(), key=lambda each: len(each[0]), reverse=True))

    def _mount(self, mount: Mount) -> None:
        place = self.path(mount.target)
        if mount.kind == "tmpfs":
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir(parents=True)
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        if mount.kind == "volume":
            place.mkdir(exist_ok=True)
            return
        if mount.kind == "content":
            place.write_text(self.rewrite(mount.source), encoding="utf-8")
            return
        source = Path(mount.source)
        if not source.exists():
            raise ComposeError(f"{self.service.name}: {source}: no such file to mount")
        if mount.kind == "secret":
            place.unlink(missing_ok=True)
            self._copy(source, place)
            # Whoever the process is: whether its user may read it is another question.
            place.chmod(0o444)
        else:
            self._copy_tree(source, place)

    def _shared(self) -> list[str]:
        volumes = [mount.target for mount in self.service.mounts if mount.kind == "volume"]
        holders = [
            folder
            for folder in self.image.made
            if any(volume.startswith(f"{folder}/") for volume in volumes)
        ]
        return [*holders, *volumes]

    def _copy_tree(self, source: Path, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(
                source,
                target,
                copy_function=self._copy,
                dirs_exist_ok=True,
                ignore=shutil.ignore_patterns("__pycache__", ".git", ".venv*", "secrets"),
            )
        else:
            self._copy(source, target)

    def _copy(self, source: str | Path, target: str | Path) -> None:
        if Path(source).suffix == ".py":
            # Code finds its hosts and paths in settings, not in itself.
            shutil.copy(source, target)
            return
        text = Path(source).read_bytes().decode("utf-8", "surrogateescape")
        Path(target).write_bytes(self.rewrite(text).encode("utf-8", "surrogateescape"))
        shutil.copymode(source, target)

    def _rewrite_paths(self, text: str) -> str:
        places = self._places()
        pattern = "|".join(map(re.escape, places))
        return re.sub(
            rf"(?<![\w.-])(?:{pattern}){_AFTER_A_PATH}", lambda found: str(places[found[0]]), text
        )


def search_path(root: Path) -> str:
    """Return the PATH of a container: its own programs above this machine's."""
    own = [f"{root}{folder}" for folder in ("/usr/local/bin", "/usr/bin", "/bin")]
    return os.pathsep.join([*own, "/usr/local/bin", "/usr/bin", "/bin"])
