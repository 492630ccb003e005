# Every target sets up what it needs first, once. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help run test check kills soak bench docs lock clean

# the first of these that is new enough; another one: make run PYTHON=/path/to/python
PYTHON ?= python3 python3.13 python3.12 python3.11
NEW_ENOUGH = import sys; sys.exit(sys.version_info < (3, 11))
FOUND = $(shell for name in $(PYTHON); do $$name -c '$(NEW_ENOUGH)' 2>/dev/null && echo $$name && break; done)
SETUP = $(or $(FOUND),$(error coreops needs Python 3.11 or newer: install it, or name one with PYTHON=/path/to/python)) \
	tools/bootstrap.py
COMPILE = .venv/bin/uv pip compile --quiet --universal --python-version 3.11 $(UPGRADE)

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' $(MAKEFILE_LIST) | expand -t 12

run: ## start CoreOps on a local Discord with a sample workbook: no token, no account
	@$(SETUP) run && exec .venv/bin/python tools/foreground.py .venv/bin/coreops sandbox

test: ## run every test
	@$(SETUP) dev && .venv/bin/tox -qq run -e py

check: ## prove style, types, import contracts, documents in step, wheels; ask for known vulnerabilities
	@$(SETUP) dev && .venv/bin/tox -q run -m check

kills: ## kill processes 200 times at random instants, for each store: nothing promised is lost or doubled
	@$(SETUP) dev && COREOPS_KILLS=200 .venv/bin/python -m pytest -q tests/faults/process/test_kills.py

soak: ## ten minutes of commands, and what the process holds meanwhile
	@$(SETUP) dev && .venv/bin/python tests/benchmarks/soak.py

bench: ## measure what the design promises
	@$(SETUP) dev && for file in tests/benchmarks/bench_*.py; do .venv/bin/python $$file || exit; done

docs: ## write the generated reference pages anew
	@$(SETUP) dev && .venv/bin/python -m tools.reference

lock: ## make the locks anew; to take newer releases: make lock UPGRADE=--upgrade
	@$(SETUP) dev && $(COMPILE) requirements.in -o constraints.txt && $(COMPILE) requirements-dev.in -o constraints-dev.txt

clean: ## remove everything that was made here, the sandbox's state too
	rm -rf .venv .tox .run dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
