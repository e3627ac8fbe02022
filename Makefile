# Hearthline: what you can ask for. `make` alone lists it.

PYTHON  ?= python3
BIN     := .venv/bin
STATE   ?= var/demo
WEB     ?= 8080
MQTT    ?= 1883
HOMES   ?= 40
SPEED   ?= 1
WORKERS ?= 2
CODE    := app outcomes care_plans devices people core migrations tests tools bench config.py wsgi.py

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo test check lint house squawk bench formats fuzz matrix screenshots lock format clean

help: ## List what can be asked for
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

setup: ## Fetch and lay out what running needs (skipped when current)
	@$(PYTHON) tools/setup.py

setup-dev: # What testing and checking need as well
	@$(PYTHON) tools/setup.py --dev

demo: setup ## Start the whole system with a demo place (WEB=8080 MQTT=1883 HOMES=40 SPEED=1)
	@$(BIN)/hearthline up --seed demo --homes $(HOMES) --speed $(SPEED) \
		--state-dir $(STATE) --web-port $(WEB) --mqtt-port $(MQTT)

test: setup-dev ## Run every test, with real PostgreSQL, real brokers and a browser
	@$(BIN)/python -m tools.browser
	@$(BIN)/python -m tools.mosquitto
	@$(BIN)/python -m pytest -n $(WORKERS)

check: setup-dev lint house squawk ## Hold the code against the house rules

lint:
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

house:
	@$(BIN)/python -m pytest tests/house -q

squawk:
	@$(BIN)/python -m tools.migration_sql

bench: setup-dev ## Measure what is promised: throughput, latency, growth (long)
	@$(BIN)/hearthline bench

formats: setup-dev ## Read messages of real kit; print how many of each format come out right
	@$(BIN)/python -m tools.payloads

fuzz: setup-dev ## Let a fuzzer at every decoder (SECONDS=20 for each; x86-64 Linux)
	@$(BIN)/python -m tools.fuzz --seconds $(or $(SECONDS),20)

matrix: setup-dev ## Print who gets into what, and what they find there: roles, relationships, sharing
	@HEARTH_MATRIX=1 $(BIN)/python -m pytest tests/app/test_access_matrix*.py -q -p no:randomly -n 0

screenshots: setup-dev ## Photograph every page at 1280 and 390 px into var/screenshots
	@$(BIN)/python -m tools.browser
	@$(BIN)/python -m tools.screenshots

format: setup-dev ## Lay the code out the way `make check` wants it
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lock: setup-dev ## Rebuild the locks (UPGRADE=1 takes newer versions)
	@$(BIN)/python tools/lock.py $(if $(UPGRADE),--upgrade)

clean: ## Forget the demo's data and caches (not .venv)
	@rm -rf $(STATE) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
