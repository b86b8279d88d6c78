# Everything sets itself up: a fresh machine needs Python >= 3.11, git and make.
.PHONY: run ui notebook test lint bench setup cluster lock clean

PYTHON ?= python3
SIZE ?= 1
TARGET ?= duckdb
VENV := .venv
BIN := $(VENV)/bin
LOCKING := --quiet --universal --generate-hashes --python-version 3.11 --extra dev --extra notebook \
	--no-emit-index-url --no-emit-find-links
export DAGSTER_DISABLE_TELEMETRY := yes
export DO_NOT_TRACK := 1

run: setup
	@$(BIN)/warehouse sample --if-empty
	@$(BIN)/warehouse run

ui: setup
	@$(BIN)/warehouse ui

# The address is this machine's own, and nothing is asked of any other.
notebook: setup
	@MARIMO_SKIP_UPDATE_CHECK=1 $(BIN)/marimo run --host 127.0.0.1 $(NOTEBOOK_ARGS) docs/notebooks/programme.py

test: cluster
	$(BIN)/python -m pytest --numprocesses auto --dist loadgroup $(PYTEST_ARGS)

lint: cluster
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/sqlfluff lint --config dbt_project/.sqlfluff dbt_project/models dbt_project/tests

bench: cluster
	$(BIN)/python -m tests.bench --size $(SIZE) --target $(TARGET) $(BENCH_ARGS)

setup: $(VENV)/.installed

# Where PYTHONDONTWRITEBYTECODE is set, what is not compiled here is compiled at every start.
$(VENV)/.installed: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes --compile-bytecode requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q orchestration sources
	@touch $@

# The same environment with what several machines need (an object store, DuckLake, Spark, Celery).
cluster: $(VENV)/.installed-cluster

$(VENV)/.installed-cluster: $(VENV)/.installed requirements-cluster.lock
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes --compile-bytecode requirements-cluster.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q orchestration sources
	@touch $@

# Renews the pinned versions; the locks name no package host. What both pin is the same in both.
lock:
	$(BIN)/uv pip compile $(LOCKING) --extra cluster pyproject.toml -o requirements-cluster.lock
	$(BIN)/uv pip compile $(LOCKING) --constraints requirements-cluster.lock pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) dbt_project/target
