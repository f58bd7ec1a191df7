# `make demo` and `make test` need Python 3.11+, make and the package registries, nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test lint campaign bench clean

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/.installed-test: pyproject.toml $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	touch $@

demo: $(VENV)/.installed
	$(BIN)/assetmap demo --out demo-study --overwrite

lint: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: lint
	$(BIN)/python scripts/ensure_chromium.py
	$(BIN)/python -m pytest -n 2 --dist worksteal

campaign: $(VENV)/.installed-test
	ASSETMAP_CAMPAIGN=full $(BIN)/python -m pytest -m "fault or slow" -n 2 --timeout 7200

bench: $(VENV)/.installed-test
	$(BIN)/python -m pip install --quiet --editable '.[test,bench]'
	mkdir -p .benchmarks
	$(BIN)/python -m pytest tests/benchmarks -m bench --benchmark-columns=median,rounds --benchmark-json=.benchmarks/latest.json

clean:
	rm -rf $(VENV) demo-study
