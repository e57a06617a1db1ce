"""What `hospital init` prepares in a project's folder, beside the secrets."""

import os
from pathlib import Path

import yaml

from hospital_assets.containers.secrets import container_user, hand_over
from hospital_assets.errors import HospitalError

COMPOSE_FILE = "docker-compose.yml"
OVERRIDE_FILE = "docker-compose.override.yml"
BACKUP_FOLDER = "backups"


class ProjectError(HospitalError):
    """The project's folder can't be prepared; the message names what is in the way."""


def write_override(project: Path) -> None:
    """Have the services of a project's compose file run as the owner of the secrets.

    Raises ProjectError if there is no compose file or no place for another.
    """
    user, group = container_user()
    lines = ["# Made by `hospital init`: the containers run as the owner of deploy/secrets."]
    lines.append("services:")
    try:
        compose = yaml.safe_load((project / COMPOSE_FILE).read_text(encoding="utf-8"))
        for name, service in compose["services"].items():
            # An image that lets anybody run it asks for the group root.
            of_image = service["user"].endswith(":0")
            lines += [f"  {name}:", f'    user: "{user}:{0 if of_image else group}"']
        (project / OVERRIDE_FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError as error:
        raise ProjectError(f"{error.filename}: {error.strerror}") from error


def make_backup_folder(project: Path) -> None:
    """Make the folder that backups go to, for the user of the containers alone.

    Raises ProjectError if it can't be made.
    """
    folder = project / BACKUP_FOLDER
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        hand_over(folder)
    except OSError as error:
        raise ProjectError(f"{folder}: {error.strerror}; make it writable") from error


def open_mounted_files(project: Path) -> None:
    """Let the user of the containers read what is mounted from the project, where root calls.

    A clone that root made with a strict umask is root's alone. Nothing in there is secret.
    """
    if os.geteuid() != 0:
        return
    for path in (project / "deploy").rglob("*"):
        if "secrets" not in path.relative_to(project).parts:
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() else 0o044))
