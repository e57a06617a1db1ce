"""Write the generated files, or compare them: `python -m tools.generate [--check] [NAME ...]`.

Without names it does all but those that need the network.
"""

import argparse
import sys
from collections.abc import Sequence

from tools import dictionary, golden, json_schemas, kafka_jars, readme_records, words
from tools.generated_file import GeneratedFile

FILES = (
    golden.FILE,
    dictionary.FILE,
    readme_records.FILE,
    *json_schemas.FILES,
    words.FILE,
    kafka_jars.FILE,
)


def main(arguments: Sequence[str]) -> int:
    """Do what the arguments say; returns the exit code."""
    parser = argparse.ArgumentParser(prog="tools.generate", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(_by_name()))
    parser.add_argument("--check", action="store_true", help="write nothing, compare")
    options = parser.parse_args(arguments)
    if unknown := [name for name in options.names if name not in _by_name()]:
        parser.error(f"{unknown[0]}: no such file; expected one of {', '.join(_by_name())}")
    chosen = [_by_name()[name] for name in options.names] or default_files()
    if options.check:
        found = complaints(chosen)
        print(*found, sep="\n", end="\n" if found else "", file=sys.stderr)
        return 1 if found else 0
    for file in chosen:
        file.write()
        print(f"wrote {file.place}")
    return 0


def default_files() -> list[GeneratedFile]:
    """Return the files that can be made without the network."""
    return [file for file in FILES if not file.needs_network]


def complaints(files: Sequence[GeneratedFile]) -> list[str]:
    """Return a line for each file that is out of date: which, and the command that mends it."""
    return [
        f"{file.place} is out of date; if its change is meant, run `{_mend(file)}`"
        for file in files
        if not file.is_up_to_date()
    ]


def _mend(file: GeneratedFile) -> str:
    return f"make generate ONLY={file.name}" if file.needs_network else "make generate"


def _by_name() -> dict[str, GeneratedFile]:
    return {file.name: file for file in FILES}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
