# Every verb of this repository; `make` alone lists them. Nothing is needed beforehand but python3 (3.11 or newer) and make.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.requirements.lock
SERVICES ?= $(patsubst services/%/main.py,%,$(sort $(wildcard services/*/main.py)))
COMPOSE ?= docker compose

.DEFAULT_GOAL := help
.PHONY: help setup run test lint format bench unmask migrate revision up down compose-smoke lock openapi env-example clean
.DELETE_ON_ERROR:

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo '  Arguments for the program behind a verb: make test ARGS="-k cursor", make run ARGS="--port 9000".'

setup: $(INSTALLED) ## create .venv with exactly what requirements.lock says

# The installer comes from the lock as well, so nothing enters .venv without a hash that was reviewed.
$(INSTALLED): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.13 …")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > .venv/uv.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement .venv/uv.lock
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	@cp requirements.lock $@

run: setup ## the whole platform on this machine, without containers; Ctrl-C stops it
	@exec $(BIN)/python -m onebox up $(ARGS)

test: setup ## all tests, against an embedded PostgreSQL
	$(BIN)/python -m pytest $(ARGS)

lint: setup ## style, types, import contracts, migrations, API document, known vulnerabilities
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m tools.migrations $(SERVICES)
	$(BIN)/python -m tools.api_document
	$(BIN)/python -m tools.vulnerabilities

format: setup ## put every file into the one format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup ## every workload beside its limit, into bench/results/ (needs an otherwise idle machine)
	$(BIN)/python -m bench $(ARGS)

unmask: setup ## attack what is told of campaigns, in 500 sequences of releases (half an hour)
	$(BIN)/python -m tests.screening.campaign_releases.unmask $(ARGS)

migrate: setup ## roles, schemas and tables of SERVICES in the database of ADMIN_DATABASE_URL
	$(BIN)/python -m services.chassis.migrating $(SERVICES)

revision: setup ## a new migration: make revision service=registry message="add closed_at to institutions"
	@test -n "$(service)" -a -n "$(message)" || { echo 'usage: make revision service=registry message="add closed_at to institutions"'; exit 2; }
	$(BIN)/alembic -n $(service) revision --autogenerate -m "$(message)" \
	  --rev-id $$(printf '%04d' $$(( $$(ls services/$(service)/migrations/versions/[0-9]*.py 2>/dev/null | wc -l) + 1 )))

up: ## the whole platform in containers, on 127.0.0.1:8000, with generated secrets
	@$(PYTHON) -m deploy.secrets
	$(COMPOSE) up --detach --build --wait

down: ## stop the containers; the data stay in their volume
	$(COMPOSE) down

compose-smoke: ## build the images, start them, one authenticated call through the gateway, remove everything
	@$(PYTHON) -m deploy.smoke

lock: setup ## resolve pyproject.toml anew: make lock ARGS=--upgrade
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
	  --no-header --extra dev $(ARGS) pyproject.toml --output-file requirements.lock

openapi: setup ## write the merged API document to docs/openapi.json
	$(BIN)/python -m tools.api_document --write

env-example: setup ## write .env.example from the settings classes
	$(BIN)/python -m tools.environment .env.example

clean: ## remove what tools leave behind; data and .venv stay
	rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
