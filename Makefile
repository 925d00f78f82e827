# Everything this project can do, each by one word: `make` lists them.
# Needs Python 3.11 or newer, git and make; the rest is installed into .venv, as uv.lock says.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory
export PYTHONUTF8 := 1
# Some containers forbid Python to keep what it compiled: every run would compile all of the program and its libraries
# anew, which takes twice as long as to check the sample.
export PYTHONDONTWRITEBYTECODE :=
export UV_PROJECT_ENVIRONMENT := .venv
export UV_PYTHON_DOWNLOADS := never

NEWEST_FIRST := python3 python3.14 python3.13 python3.12 python3.11 python
IS_NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for name in $(NEWEST_FIRST); do "$$name" -c "$(IS_NEW_ENOUGH)" 2>/dev/null && echo "$$name" && break; done)
IN_VENV := .venv/bin/python
# It ends with 3 where all is done but rows were set aside; that is for their suppliers to mend.
KPIBOOK := $(IN_VENV) -m kpibook
READY := .venv/ready

# A copied or moved folder must not go on using the environment of the folder it came from.
ifneq ($(wildcard $(READY)),)
ifneq ($(shell cat $(READY)),$(CURDIR))
.PHONY: $(READY)
endif
endif

# The pinned uv with its hashes, as a requirements file for pip.
UV_FROM_LOCK := import tomllib; \
  lock = tomllib.load(open("uv.lock", "rb")); \
  uv = next(package for package in lock["package"] if package["name"] == "uv"); \
  print("uv==" + uv["version"], *("--hash=" + wheel["hash"] for wheel in uv["wheels"]))

.PHONY: help setup site serve check test lint format bench pictures wheel wheelhouse hooks clean

help: ## list these targets
	@grep -E '^[a-z]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z]+):.*## /  make \1 	/' | expand -t 16

setup: $(READY) ## install kpibook and its tools into .venv

site: $(READY) ## check the handbook, score every cycle, build site/ and site-cards/ with HR's analysis
	@$(KPIBOOK) build || [ $$? -eq 3 ]
	@$(KPIBOOK) analysis

serve: $(READY) ## show both sites on localhost, built again whenever a file changes
	@$(KPIBOOK) serve

check: $(READY) ## list everything that is wrong with handbook/ and scorecards/
	@$(KPIBOOK) check || [ $$? -eq 3 ]

test: $(READY) ## run the linter, the types and all tests, with branch coverage
	@# Both at once: the tests begin and end with what one processor does alone.
	@$(MAKE) -j2 lint tests

.PHONY: tests
tests: $(READY)
	MEASURE_BRANCHES=1 $(IN_VENV) -m pytest -n auto --dist loadfile --no-loadscope-reorder

lint: $(READY) ## look for mistakes in the code without running it
	$(IN_VENV) -m ruff check
	$(IN_VENV) -m ruff format --check
	$(IN_VENV) -m mypy

format: $(READY) ## put the code into its one layout
	$(IN_VENV) -m ruff check --fix
	$(IN_VENV) -m ruff format

bench: $(READY) ## measure companies of 100 to 100,000 people, and hold a million scorecards to fractions
	@$(IN_VENV) tests/bench/run.py
	@PYTHONPATH=tests/support $(IN_VENV) tests/bench/exact.py
	@$(IN_VENV) tests/bench/hostile.py
	@PYTHONPATH=tests/support $(IN_VENV) tests/bench/fuzz.py
	@PYTHONPATH=tests/support $(IN_VENV) tests/bench/dense_workbooks.py
	@PYTHONPATH=tests/support $(IN_VENV) tests/bench/few_words.py
	@$(IN_VENV) tests/bench/analysing.py
	@PYTHONPATH=tests/support $(IN_VENV) tests/bench/worked_out.py
	@PYTHONPATH=tests/support $(IN_VENV) tests/bench/viewers.py
	@PYTHONPATH=tests/support $(IN_VENV) tests/bench/opening.py
	@PYTHONPATH=tests/support $(IN_VENV) tests/bench/edited.py
	@$(IN_VENV) tests/bench/serving.py
	@$(IN_VENV) tests/bench/peers.py 1000 10000
	@$(IN_VENV) tests/bench/peers.py --rounds 1 100000

pictures: $(READY) ## take pictures of each kind of page into build/pictures/, and those that README shows into pictures/
	@PYTHONPATH=tests/support $(IN_VENV) tests/bench/pictures.py

wheel: $(READY) ## pack the program into dist/
	$(IN_VENV) -m hatchling build --target wheel

wheelhouse: wheel ## pack the program and all it needs into wheelhouse/, for machines without the internet
	rm -rf wheelhouse
	.venv/bin/uv export --frozen --no-dev --no-emit-project --quiet --output-file wheelhouse/requirements.txt
	$(IN_VENV) -m pip download --quiet --dest wheelhouse --requirement wheelhouse/requirements.txt
	cp dist/*.whl wheelhouse/

hooks: $(READY) ## check every commit before it is made
	$(IN_VENV) -m pre_commit install

clean: ## remove everything that make has made, .venv too
	rm -rf .venv build site site-cards site-viewers dist wheelhouse .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(READY): pyproject.toml uv.lock
	@if [ -z "$(PYTHON)" ]; then \
	  echo "kpibook needs Python 3.11 or newer; found: $$(python3 --version 2>/dev/null || echo none)." >&2; \
	  echo "Install a newer one, or name it: make PYTHON=/usr/local/bin/python3.12" >&2; exit 1; fi
	@"$(PYTHON)" -c "$(IS_NEW_ENOUGH)" || { \
	  echo "kpibook needs Python 3.11 or newer; $(PYTHON) is $$("$(PYTHON)" --version 2>&1)." >&2; exit 1; }
	@if [ -f $@ ] && [ "$$(cat $@)" != "$(CURDIR)" ]; then rm -rf .venv; fi
	@if ! .venv/bin/uv --version >/dev/null 2>&1; then \
	  echo "Making .venv (once; about a minute) ..."; \
	  "$(PYTHON)" -m venv .venv && \
	  "$(PYTHON)" -c '$(UV_FROM_LOCK)' | $(IN_VENV) -m pip install --quiet --disable-pip-version-check \
	    --require-hashes --requirement /dev/stdin; fi
	@.venv/bin/uv sync --frozen --quiet
	@printf '%s\n' "$(CURDIR)" > $@
