# make extract   makes .venv, reads the example report, prints a summary, writes out/chenglan-2023-claim-differs.json
# make test      makes .venv-dev (with PyTorch, for training's tests), then lint, types and tests
# make clean     removes what these two made
#
# Some tests drive Chromium, PostgreSQL or Redis; where one is missing they are skipped and say so. As root,
# bash .ci/programs installs them from Debian's packages.
#
# PyPI's PyTorch for Linux brings CUDA (several GB). Where only the CPU is wanted, let PIP_EXTRA_INDEX_URL name an
# index of CPU builds. Another Python: make extract PYTHON=python3.12

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := extract
.PHONY: extract test clean

TORCH := torch==2.13.0
EXAMPLE ?= training_data/examples/chenglan-2023-claim-differs.txt
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3 python; do \
	if "$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then echo "$$p"; break; fi; done)

extract: .venv/installed
	.venv/bin/nianbao extract $(EXAMPLE) --out out --format summary

test: .venv-dev/installed
	.venv-dev/bin/ruff check .
	.venv-dev/bin/ruff format --check .
	.venv-dev/bin/mypy
	.venv-dev/bin/pytest -n 2 --dist loadfile -rs

clean:
	rm -rf .venv .venv-dev out build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

# An environment is as old as pyproject.toml: the package is installed in place, so its code needs no new install.
define make_environment
	@if [ -z "$(PYTHON)" ]; then \
		echo "No Python 3.11 or newer was found. Install one (Debian: apt install python3 python3-venv)," >&2; \
		echo "or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; exit 1; fi
	rm -rf $(@D)
	@echo "Making $(@D) with $(PYTHON): a minute or two …"
	@$(PYTHON) -m venv $(@D) || { echo "$(PYTHON) cannot make environments (Debian: apt install python3-venv)." >&2; exit 1; }
endef

.venv/installed: pyproject.toml
	$(make_environment)
	.venv/bin/pip install --quiet --disable-pip-version-check --editable .
	touch $@

.venv-dev/installed: pyproject.toml
	$(make_environment)
	.venv-dev/bin/pip install --quiet --disable-pip-version-check $(TORCH)
	.venv-dev/bin/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@
