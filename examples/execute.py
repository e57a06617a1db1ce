"""Execute a notebook where it lies, and keep what its cells answer in it.

python execute.py first_hour/first_hour.ipynb
"""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient


def main(file: Path) -> None:
    """Execute all cells; the first that fails ends it with an error."""
    notebook = nbformat.read(file, as_version=4)
    NotebookClient(
        notebook,
        timeout=900,
        resources={"metadata": {"path": str(file.parent)}},
        # When a cell ran is no part of its answer.
        record_timing=False,
    ).execute()
    # Nor is the version of the Python that ran it.
    notebook.metadata.pop("language_info", None)
    nbformat.write(notebook, file)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
