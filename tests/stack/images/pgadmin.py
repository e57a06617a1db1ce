"""The entry point of dpage/pgadmin4: the first user and the servers, then gunicorn."""

import os
import shutil
import subprocess
from pathlib import Path

from hospital_assets.configuration.settings import ROOT
from tests.stack.images.entry import EntryError, inside, needed, run, text_of
from tests.stack.images.image import Image, module

DATA, SETTINGS = "/var/lib/pgadmin", "/pgadmin4/config_distro.py"

# pgAdmin has other packages than the hospital, so an environment of its own.
PYTHON = Path(os.environ.get("PGADMIN_PYTHON", ROOT / ".venv-pgadmin" / "bin" / "python"))


def image() -> Image:
    """Return the stand-in for the image."""
    return Image(
        entrypoint=("/entrypoint.sh",),
        folders=(DATA,),
        programs={
            "/entrypoint.sh": module("pgadmin", PGADMIN_PYTHON=str(PYTHON)),
            # As Alpine has it.
            "/usr/bin/wget": f'for url do :; done; exec {PYTHON} -c "$FETCH" "$url"\n',
        },
        environment={"FETCH": "import sys, urllib.request as r; r.urlopen(sys.argv[1], timeout=9)"},
    )


def main() -> None:
    """Become the server."""
    (package,) = PYTHON.parent.parent.glob("lib/python3*/site-packages/pgadmin4")
    settings = inside("/config_distro.py")
    text = inside(SETTINGS).read_text(encoding="utf-8")
    settings.write_text(f"{text}\nDATA_DIR = {str(inside(DATA))!r}\n", encoding="utf-8")
    os.environ["CONFIG_DISTRO_FILE_PATH"] = str(settings)
    os.chdir(package)
    if not (inside(DATA) / "pgadmin4.db").exists():
        _first_start()
    place = f"{needed('PGADMIN_LISTEN_ADDRESS')}:{needed('PGADMIN_LISTEN_PORT')}"
    application = Path(__file__).with_name("pgadmin_application.py")
    paths = f"{application.parent},{package}"
    os.execv(
        PYTHON,
        [
            str(PYTHON), "-m", "gunicorn", "--bind", place, "--workers", "1", "--threads", "25",
            "--pythonpath", paths, f"{application.stem}:app",
        ],
    )  # fmt: skip


def _first_start() -> None:
    email, password = needed("PGADMIN_DEFAULT_EMAIL"), text_of("PGADMIN_DEFAULT_PASSWORD")
    if not password:
        raise EntryError("PGADMIN_DEFAULT_PASSWORD or PGADMIN_DEFAULT_PASSWORD_FILE is required")
    _set_up("setup-db", PGADMIN_SETUP_EMAIL=email, PGADMIN_SETUP_PASSWORD=password)
    _set_up("load-servers", needed("PGADMIN_SERVER_JSON_FILE"), "--user", email)
    if "PGPASS_FILE" in os.environ:
        storage = inside(DATA) / "storage" / email.replace("@", "_")
        storage.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(os.environ["PGPASS_FILE"], storage / ".pgpass")
        (storage / ".pgpass").chmod(0o600)


def _set_up(*arguments: str, **variables: str) -> None:
    result = subprocess.run(
        [str(PYTHON), "setup.py", *arguments],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise EntryError(f"setup.py {arguments[0]}: {result.stderr.strip().splitlines()[-1]}")


if __name__ == "__main__":
    run(main)
