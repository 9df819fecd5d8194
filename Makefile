# Every verb of this repository; `make` alone lists them. Nothing is needed beforehand but python3 (3.11 or newer) and make.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.requirements.lock
SERVICES ?= $(patsubst services/%/main.py,%,$(sort $(wildcard services/*/main.py)))
COMPOSE ?= docker compose
# Only the trial needs Patroni: in an environment of its own, so that nothing of it enters ours.
PATRONI ?= .patroni

.DEFAULT_GOAL := help
.PHONY: help setup run pilot test lint format weight alarms bench faults failover fuzz unmask migrate revision slice dev up upgrade down backup backups restore rotate drill compose-smoke sbom lock openapi clients permissions env-example clean
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

# A taken port is told before anything is installed, hence no prerequisite.
run: ## the whole platform on this machine, without containers; Ctrl-C stops it
	@$(PYTHON) -m deploy.port $(ARGS)
	@$(MAKE) --no-print-directory setup
	@exec $(BIN)/python -m onebox up $(ARGS)

pilot: setup ## the platform with the pilot of the sources at full size, in a folder of its own; Ctrl-C stops it
	@exec $(BIN)/python -m onebox up --demo pilot --data .splot-pilot $(ARGS)

test: setup ## all tests, against an embedded PostgreSQL; generated requests have a run of their own (make fuzz)
	$(BIN)/python -m pytest --ignore-glob='*/test_api_fuzz.py' $(ARGS)

lint: setup ## style, types, import contracts, migrations, API documents, known vulnerabilities
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

weight: setup ## how heavy the code is to read, area by area: make weight ARGS=--files names what is too long
	@$(BIN)/python -m tools.weight $(ARGS)

alarms: setup ## check alarms, dashboards and what is scraped with promtool (fetched where apt is and it is not)
	@$(BIN)/python -m tools.alarms

bench: setup ## every workload beside its limit, into bench/results/ (needs an otherwise idle machine)
	$(BIN)/python -m bench $(ARGS)

faults: setup ## kill, stop, cut off and starve what runs under load; nothing acknowledged may be lost or doubled (LONG=1: 200 kills)
	$(BIN)/python -m tests.faults $(if $(LONG),--kills 200 --minutes 10 --stops 6) $(ARGS)

failover: setup $(PATRONI)/.requirements.lock ## strike down whoever leads the database, ten times under load (a quarter of an hour)
	$(BIN)/python -m tests.failover --python $(PATRONI)/bin/python $(ARGS)

$(PATRONI)/.requirements.lock: deploy/patroni/requirements.lock
	@$(PYTHON) -m venv $(PATRONI)
	@$(BIN)/uv pip sync --quiet --python $(PATRONI)/bin/python --require-hashes deploy/patroni/requirements.lock
	@cp deploy/patroni/requirements.lock $@

fuzz: setup ## every operation with a hundred generated requests, others each time (it takes long): make fuzz ARGS="-k institutions"
	FUZZ_EXAMPLES=$${FUZZ_EXAMPLES:-100} $(BIN)/python -m pytest tests/*/test_api_fuzz.py $(ARGS)

unmask: setup ## attack what is told of campaigns, in 500 sequences of releases (half an hour)
	$(BIN)/python -m tests.screening.campaign_releases.unmask $(ARGS)

migrate: setup ## roles, schemas and tables of SERVICES in the database of ADMIN_DATABASE_URL
	$(BIN)/python -m services.chassis.migrating $(SERVICES)

revision: setup ## a new migration: make revision service=registry message="add closed_at to institutions"
	@$(BIN)/python -m tools.revision "$(service)" "$(message)"

slice: setup ## the files of a new slice: make slice service=registry name=lanterns
	@$(BIN)/python -m tools.slice "$(service)" "$(name)"

dev: setup ## one service with reload, beside a running `make run`: make dev service=registry
	@exec $(BIN)/python -m tools.dev "$(service)" $(ARGS)

up: ## the whole platform in containers, with generated secrets (DEMO=small: for a first look, with invented people)
	@COMPOSE='$(COMPOSE)' $(PYTHON) -m deploy.port --containers
	@$(PYTHON) -m deploy.secrets
	$(COMPOSE) up --detach --build --wait
	$(if $(DEMO),$(COMPOSE) run --rm demo)
	@$(PYTHON) -m deploy.greeting

upgrade: ## replace what runs by the version in this folder, one replica after another, while it serves
	@$(PYTHON) -m deploy.secrets
	@COMPOSE='$(COMPOSE)' $(PYTHON) -m deploy.upgrade

down: ## stop the containers; the data stay in their volume
	$(COMPOSE) down

backup: ## a backup of the containers' database now; one is made every night, and the log streams all the time
	$(COMPOSE) exec -T archive python3 -m deploy.archive backup

backups: ## what is in the archive
	$(COMPOSE) exec -T archive python3 -m deploy.archive list

restore: ## the database as it was, in a fresh volume: make restore AT='2026-11-28 10:15' (Warsaw's clock, or with an offset)
	@AT='$(AT)' TIMELINE='$(TIMELINE)' COMPOSE='$(COMPOSE)' $(PYTHON) -m deploy.restoring

rotate: ## one step of changing a key of .secrets/: make rotate KEY=casework_keyring STEP=add (docs/operations.md, Keys)
	@KEY='$(KEY)' STEP='$(STEP)' $(PYTHON) -m deploy.rotating

drill: setup ## restore a platform under load to a moment, and verify what is there: make drill ARGS="--screenings 1000000"
	$(BIN)/python -m tests.archive $(ARGS)

compose-smoke: setup ## install, make the tests' journeys, scale, kill, upgrade under load, restore and remove a copy in containers, as docs/operations.md says
	@$(PYTHON) -m deploy.trial

sbom: setup ## what is in every image, as CycloneDX, into sbom/
	@$(BIN)/python -m tools.sbom

lock: setup ## resolve pyproject.toml anew: make lock ARGS=--upgrade
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
	  --no-header --extra dev $(ARGS) pyproject.toml --output-file requirements.lock

openapi: setup ## write the API documents: docs/openapi.json, and docs/api/ service by service
	$(BIN)/python -m tools.api_document --write

clients: setup ## generate and pack the clients in clients/ from docs/openapi.json (TypeScript needs npm)
	$(BIN)/python -m tools.clients --pack $(ARGS)

permissions: setup ## write docs/permissions.md: who may do what, and how far
	$(BIN)/python -m tests.support.permissions > docs/permissions.md.new
	@mv docs/permissions.md.new docs/permissions.md

env-example: setup ## write .env.example from the settings classes
	$(BIN)/python -m tools.environment .env.example

clean: ## remove what tools leave behind; data and .venv stay
	rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
