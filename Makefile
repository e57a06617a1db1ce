# Needs make and Python 3.11 or newer, nothing else.

.DEFAULT_GOAL := help
.PHONY: help up down init test check generate pictures migration test-containers test-stack test-page examples test-examples chaos stream-trials seeds fuzz bench audit sbom pin-digests lock clean

VENV := .venv
BIN := $(VENV)/bin
# The examples have what their readers have: dbt, DuckDB, Spark, notebooks.
EXAMPLES := .venv-examples
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

# The first Python on PATH that is new enough; `make PYTHON=...` names another.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)

help: ## show the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-20s%s\n", $$1, $$2 }'

up: $(VENV)/runtime ## start everything; Ctrl-C stops it
	@exec $(BIN)/hospital up

down: $(VENV)/runtime ## stop everything, also after a crash
	@exec $(BIN)/hospital down

init: $(VENV)/runtime ## make the passwords of the composed stack, each once
	@exec $(BIN)/hospital init

check: $(VENV)/development ## check style, types, imports, the compose files and the generated ones
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/compose-lint check --quiet --fail-on medium --strict-config --skip-suppressed --no-merge-overrides docker-compose.yml docker-compose.kraft.yml
	$(BIN)/python -m tools.generate --check

generate: $(VENV)/development ## write the generated files; ONLY=kafka_jars for the list of jars, which needs the network
	@exec $(BIN)/python -m tools.generate $(ONLY)

pictures: $(VENV)/development ## draw the pictures of docs/model.md anew, from the records of the whole period
	@exec $(BIN)/python -m tools.model_pictures

migration: $(VENV)/development ## write the schema's next migration; MESSAGE="stay_days of patients"
	@exec $(BIN)/python -m tools.migration "$(MESSAGE)"

# Three at a time, a file each: much of a test is waiting for servers. The longest files come first.
test: $(VENV)/development ## run the tests
	@exec $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

bench: $(VENV)/development ## measure, both sides in turn
	@for bench in people days load stream latency replace growth whole floor table; do \
		echo "-- $$bench"; $(BIN)/python -m bench.$$bench || exit 1; \
	done

# Its images take the place of those that no registry gives; see docs/stack-test.md.
test-containers: $(VENV)/development ## build the image and test the composed stack in a container engine
	@docker compose version >/dev/null 2>&1 && docker info >/dev/null 2>&1 || { \
		echo "no container engine: start Docker 25 or newer with Compose, or let DOCKER_HOST name one" >&2; exit 1; }
	@exec $(BIN)/python -m pytest -m engine tests/engine

test-stack: $(VENV)/development ## run what the containers run, as processes, and test it
	@exec $(BIN)/python -m pytest -m stack tests/stack tests/containers

# Debian's Chromium, or any that is called so.
test-page: $(VENV)/development ## walk over the page with a browser, and take README's picture; needs chromium on PATH
	@exec $(BIN)/python -m pytest -m page tests/walk

examples: $(EXAMPLES)/ready ## install what the examples need into .venv-examples

test-examples: $(VENV)/development $(EXAMPLES)/ready ## run every example against a hospital of a week that is started for it
	@exec $(BIN)/python -m pytest -m examples tests/examples

chaos: $(VENV)/development ## kill the stream's processes and services 500 times; ARGUMENTS="--kills 50 --seed 1"
	@exec $(BIN)/python -m tests.stream.chaos $(ARGUMENTS)

stream-trials: $(VENV)/development ## send the stream bad messages and aborted transactions, 10,000 in all codecs and 5,000; ARGUMENTS="--seed 1"
	@exec $(BIN)/python -m tests.stream.trials $(ARGUMENTS)

seeds: $(VENV)/development ## sweep 201 seeds in both profiles, every law over 40 days of each; ARGUMENTS="--seeds 0-9"
	@for profile in small full; do \
		$(BIN)/python -m tests.simulation.seeds --profile $$profile $(ARGUMENTS) || exit 1; \
	done

fuzz: $(VENV)/development ## try 700 mutations of configs/, each works or is refused; ARGUMENTS="--mutations 50 --seed 1"
	@exec $(BIN)/python -m tests.configuration.fuzz $(ARGUMENTS)

# The lock for development holds the packages that run as well.
audit: $(VENV)/development ## look up the locked packages' known vulnerabilities; needs the package index itself, not a mirror
	$(BIN)/pip-audit --strict --disable-pip --require-hashes --requirement requirements-dev.txt

sbom: $(VENV)/development ## write sbom.json, a CycloneDX list of what runs
	$(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible --of JSON -o sbom.json requirements.txt

pin-digests: ## write the digest beside each image's tag; needs docker and the registries
	@sh deploy/pin_digests.sh

lock: ## pin every package with its hashes; needs uv
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url --extra build pyproject.toml --output-file requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url --extra build --extra dev --constraints requirements.txt pyproject.toml --output-file requirements-dev.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url tests/engine/images/pgadmin.in --output-file tests/engine/images/pgadmin.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url examples/requirements.in --output-file examples/requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url --constraints examples/requirements.txt examples/spark.in --output-file examples/spark.txt

clean: ## remove the environment and caches; data and state stay
	rm -rf $(VENV) $(EXAMPLES) .import_linter_cache .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

# A stamp is newer than the lock once all of it is installed. Bytecode is compiled here and not by
# pip, since the environment may forbid Python to write any: a start takes three times as long
# without.
$(VENV)/runtime: requirements.txt pyproject.toml | $(BIN)/python
	@echo "installing the locked packages into $(VENV) (a minute or two, once)"
	@$(PIP) install --require-hashes --no-deps --no-compile --requirement requirements.txt
	@$(PIP) install --no-build-isolation --no-deps --no-compile --editable .
	@$(BIN)/python -m compileall -q -j 0 $(VENV)/lib hospital_assets || true
	@touch $@

$(VENV)/development: requirements-dev.txt $(VENV)/runtime
	@echo "installing the tools for tests"
	@$(PIP) install --require-hashes --no-deps --no-compile --requirement requirements-dev.txt
	@$(BIN)/python -m compileall -q -j 0 $(VENV)/lib || true
	@touch $@

# PySpark comes as its source and is built by what the first list brings.
$(EXAMPLES)/ready: examples/requirements.txt examples/spark.txt | $(BIN)/python
	@echo "installing what the examples need into $(EXAMPLES) (some minutes, once)"
	@$(BIN)/python -m venv --clear $(EXAMPLES)
	@$(EXAMPLES)/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --no-deps --requirement examples/requirements.txt
	@$(EXAMPLES)/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --no-deps --no-build-isolation --requirement examples/spark.txt
	@touch $@

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "no Python 3.11 or newer on PATH" >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV)
