# Every target sets up what it needs: a virtual environment in .venv with the versions of constraints.txt.

.DEFAULT_GOAL := help
SHELL := /bin/sh

BIN := .venv/bin
READY := .venv/.ready
# AGPL software is only ever compared with, in an environment of its own.
PEERS := .venv/peers
EXAMPLES := $(sort $(wildcard examples/*.json examples/*.yaml))
CHECKED := src tests $(wildcard benchmarks)

.PHONY: help demo serve test check format bench bench-peers bench-screening bench-service clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

demo: $(READY) ## check the policies, decide the example cases, say what to try next
	@$(BIN)/zhida check
	@for case in $(EXAMPLES); do \
	  printf '\n\033[1m$$ zhida decide %s\033[0m\n' "$$case"; \
	  $(BIN)/zhida decide "$$case" || exit 1; \
	done
	@printf '\nWhat to try next:\n'
	@printf '  %s\n' \
	  '$(BIN)/zhida catalogue                         every measure of the library' \
	  '$(BIN)/zhida show job-retention-refund         the guide to one of them' \
	  '$(BIN)/zhida explain $(firstword $(EXAMPLES)) job-retention-refund' \
	  '$(BIN)/zhida ask                               an interview, one useful question at a time' \
	  'make test                                     the tests; ZHIDA_TCK=<dir> adds the DMN conformance suite'

PORT := 8000
serve: $(READY) ## open the demo county in a browser; its data stay in .demo/ (PORT=8000)
	@mkdir -p .demo
	@cd .demo && exec ../$(BIN)/zhida serve --demo --port $(PORT)

test: $(READY) ## run the tests, those of the service on PostgreSQL too (ZHIDA_TCK=<dir> adds the DMN conformance suite)
	@status=0; $(BIN)/pytest || status=1; $(BIN)/python -m tests.service.on_postgresql || status=1; exit $$status

check: $(READY) ## lint, types, layering, canonical formatting of code and policies
	@$(BIN)/ruff check $(CHECKED)
	@$(BIN)/ruff format --check $(CHECKED)
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/zhida format --check

format: $(READY) ## rewrite code and policies in their canonical form
	@$(BIN)/ruff check --fix $(CHECKED)
	@$(BIN)/ruff format $(CHECKED)
	@$(BIN)/zhida format

bench: $(READY) ## run the benchmarks
	@$(BIN)/pytest benchmarks

EMPLOYERS := 1000000
ROUNDS := 3
ONLY := ours,duckdb,polars,openfisca,limit,screen-wide,screen
FOLDER := /tmp/zhida-bench
bench-screening: $(READY) $(PEERS)/.ready ## screen EMPLOYERS beside DuckDB by hand, Polars and OpenFisca-Core
	@$(BIN)/python benchmarks/screening/run.py --employers $(EMPLOYERS) --rounds $(ROUNDS) --only $(ONLY) --folder $(FOLDER)

CASES := 100000
bench-service: $(READY) ## the service over 20,000 employers and CASES cases: pages, and decisions a second over the API
	@$(BIN)/python benchmarks/service/run.py --cases $(CASES)

bench-peers: $(READY) $(PEERS)/.ready ## compare one case with zen-engine and OpenFisca-Core
	@$(BIN)/python benchmarks/single_case.py $(PEERS)/bin/python

$(PEERS)/.ready: benchmarks/peers.txt
	@$(BIN)/python -m venv $(PEERS)
	@$(PEERS)/bin/python -m pip install --quiet --no-input --disable-pip-version-check -r benchmarks/peers.txt
	@touch $@

clean: ## remove the virtual environment and every cache
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .benchmarks
	find src tests -name __pycache__ -type d -exec rm -rf {} +

$(READY): pyproject.toml constraints.txt
	@python=; for candidate in python3 python3.14 python3.13 python3.12 python3.11; do \
	  if $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$candidate; break; fi; \
	done; \
	if [ -z "$$python" ]; then echo 'Zhida needs Python 3.11 or newer, and found none on PATH.' >&2; exit 1; fi; \
	echo "Setting up .venv with $$($$python --version)"; \
	$$python -m venv .venv || { echo 'Creating a virtual environment failed; on Debian and Ubuntu install python3-venv.' >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --no-input --disable-pip-version-check -c constraints.txt hatchling
	@$(BIN)/python -m pip install --quiet --no-input --disable-pip-version-check --no-build-isolation -c constraints.txt -e '.[dev]'
	@touch $@
