"""The core depends on nothing but numpy and polars, reads no clock and opens no file."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hospital_assets.configuration.settings import ROOT

PACKAGE = ROOT / "hospital_assets"
# What is pure, and which of the package each of it may import.
ROOMS = {
    "calendar": ("calendar",),
    "simulation": ("simulation", "calendar"),
    "insight": ("insight", "simulation", "calendar"),
}
CORE = sorted(file for room in ROOMS for file in (PACKAGE / room).rglob("*.py"))
ALLOWED = {"numpy", "polars"}
# What the standard library has of clocks, chance, files, processes and the network.
FORBIDDEN_MODULES = {
    "asyncio", "http", "io", "logging", "multiprocessing", "os", "pathlib", "random", "secrets",
    "shutil", "socket", "subprocess", "tempfile", "threading", "time", "urllib",
}  # fmt: skip
FORBIDDEN_CALLS = {
    "hash", "open", "input", "eval", "exec", "now", "today", "utcnow", "default_rng", "seed",
    "read_csv", "read_parquet", "scan_csv", "scan_parquet", "write_csv", "write_parquet",
    "read_text", "write_text", "read_bytes", "write_bytes", "fromfile", "tofile", "load", "save",
    "set_random_seed", "sample", "shuffle", "hash_rows", "uuid1", "uuid4",
}  # fmt: skip


def imported(file: Path) -> Iterator[str]:
    """Yield the modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: a relative import"
            yield node.module or ""


def called(file: Path) -> Iterator[str]:
    """Yield the names of what a file calls, and the attributes that it takes of `np.random`."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            function = node.func
            yield (
                function.attr
                if isinstance(function, ast.Attribute)
                else getattr(function, "id", "")
            )
        elif isinstance(node, ast.Attribute) and node.attr == "random":
            yield "random"


@pytest.mark.parametrize("file", CORE, ids=lambda file: file.relative_to(PACKAGE).as_posix())
def test_the_core_imports_only_the_standard_library_numpy_polars_and_itself(file: Path) -> None:
    for module in imported(file):
        top, _, rest = module.partition(".")
        if top == "hospital_assets":
            room = file.relative_to(PACKAGE).parts[0]
            assert rest.partition(".")[0] in ROOMS[room], module
        else:
            assert top in ALLOWED | sys.stdlib_module_names - FORBIDDEN_MODULES, module


@pytest.mark.parametrize("file", CORE, ids=lambda file: file.relative_to(PACKAGE).as_posix())
def test_the_core_reads_no_clock_opens_no_file_and_draws_no_lots(file: Path) -> None:
    assert not (FORBIDDEN_CALLS | {"random"}) & set(called(file))


def test_faker_is_imported_by_the_tools_of_the_words_alone() -> None:
    users = {
        file.relative_to(ROOT).as_posix()
        for folder in (PACKAGE, ROOT / "tools")
        for file in folder.rglob("*.py")
        if any(module.partition(".")[0] == "faker" for module in imported(file))
    }
    assert users == {"tools/words.py"}
