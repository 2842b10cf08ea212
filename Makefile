PYTHON ?= python3
VENV := backend/.venv
BARE_VENV := backend/.data/benchmark/venv
VNU := backend/.data/vnu/package-lock.json
IN_BACKEND := cd backend && PATH="$(CURDIR)/$(VENV)/bin:$$PATH" exec
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

PHOTOS := --photos $(CURDIR)/backend/.data/uploads

ifdef LOCAL
IN_SERVER := $(IN_BACKEND) python -m dev.run
IN_DATABASE := $(IN_SERVER)
BACKUPS := $(IN_SERVER) python -m dev.backups $(PHOTOS)
NEEDS := $(VENV)/installed
else
IN_SERVER := docker compose exec server as-owner
IN_DATABASE := docker compose exec db
# In production, the photos are in a volume, and copied every hour.
BACKUPS := $(PYTHON) backend/dev/backups.py --at "docker compose exec -T db" $(if $(COMPOSE_FILE),,$(PHOTOS))
endif

.PHONY: help up down run test test-pages shots fuzz check audit messages format migrate revision psql backup restore shell superuser doctor logs demo bench bench-growth bench-ablation chaos soak lock clean
.DEFAULT_GOAL := help

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "[compose]: in the running containers; with LOCAL=1, on the database of \`make run\`"

up: ## Start the containers, with the service on port 8000 (PORT=...)
	docker compose up --build --detach --wait
	@echo "http://127.0.0.1:$(or $(PORT),8000)/docs"

down: ## Stop the containers; the data stay in postgres_data
	docker compose down

run: $(VENV)/installed ## Serve without Docker on port 8000 (PORT=...), data in backend/.data; Ctrl-C stops it
	@$(IN_BACKEND) python -m dev.run

test: $(VENV)/installed ## Run all tests, or those selected by ARGS="..."; COVERAGE=1 measures coverage
	@$(IN_BACKEND) pytest -n auto --dist worksteal $(if $(COVERAGE),--cov) $(ARGS)

test-pages: $(VENV)/installed $(VNU) ## Run the tests of the pages in Chromium (needs chromium; npm and java for the HTML checker)
	@$(IN_BACKEND) pytest -n 2 --maxschedchunk 1 -m browser tests/browser $(ARGS)

shots: $(VENV)/installed ## Take pictures of all pages into backend/.data/shots (needs chromium); README=1 renews those of the README
	@$(IN_BACKEND) pytest -q -m browser --shots $(if $(README),docs/shots tests/browser/test_pictures.py, \
		.data/shots tests/browser/test_every_page.py -k fits)

fuzz: $(VENV)/installed ## Send CASES=500 random requests of each kind; SEED=... repeats a run
	@export FUZZ_CASES=$(or $(CASES),500) FUZZ_SEED=$(or $(SEED),$$(date +%s)) && \
		echo "make fuzz CASES=$$FUZZ_CASES SEED=$$FUZZ_SEED" && \
		$(IN_BACKEND) pytest -n auto tests/fuzz $(ARGS)

check: $(VENV)/installed ## Check format, lint, types, import layers, and locks of migrations
	@$(IN_BACKEND) ruff format --check
	@$(IN_BACKEND) ruff check
	@$(IN_BACKEND) mypy
	@$(IN_BACKEND) lint-imports
	@$(IN_BACKEND) python -m dev.squawk

audit: $(VENV)/installed ## Check the dependencies for known vulnerabilities
	@$(IN_BACKEND) python -m dev.audit

messages: $(VENV)/installed ## Find the texts that are translated, and update the catalogues of all languages
	@$(IN_BACKEND) python -m dev.messages

format: $(VENV)/installed ## Format the source, and apply the linter's fixes
	@$(IN_BACKEND) ruff check --fix-only --quiet
	@$(IN_BACKEND) ruff format

migrate: $(NEEDS) ## [compose] Run the migrations
	@$(IN_SERVER) alembic upgrade head

revision: $(NEEDS) ## [compose] Draft a migration from changes of the models: m="its purpose"
	@$(if $(m),,$(error missing message: make revision m="..."))
	@$(IN_SERVER) alembic revision --autogenerate -m "$$m"
	@$(IN_SERVER) ruff format --quiet app/db/migrations/versions

psql: $(NEEDS) ## [compose] Open a database prompt
	@$(IN_DATABASE) sh -c 'exec psql "$${DATABASE_URL:-}"'

backup: $(NEEDS) ## [compose] Dump the database and the photos to files in backups/
	@$(BACKUPS) dump $(CURDIR)/backups

restore: $(NEEDS) ## [compose] Restore FILE=backups/... into an empty database; OVERWRITE=1 empties it first
	@$(if $(FILE),,$(error missing file: make restore FILE=backups/...))
	@$(BACKUPS) restore $(abspath $(FILE)) $(if $(OVERWRITE),--overwrite)

shell: $(NEEDS) ## [compose] Open a shell in the container of the service
	@$(IN_SERVER) bash

superuser: $(NEEDS) ## [compose] Make an account a superuser: ARGS="--username anna"
	@$(IN_SERVER) python -m app superuser $(ARGS)

doctor: $(NEEDS) ## [compose] Check the consistency of all data
	@$(IN_SERVER) python -m app doctor

logs: ## Follow the logs of the containers
	docker compose logs --follow

demo: $(VENV)/installed ## Fill the running service (PORT=...) with a sample market; ARGS="--help" lists options
	@$(IN_BACKEND) python -m dev.demo $(if $(PORT),--url http://127.0.0.1:$(PORT)) $(ARGS)

bench: $(VENV)/installed $(BARE_VENV)/installed ## Compare the service with a bare reference (needs wrk); QUICK=1 runs one short round
	@$(IN_BACKEND) python -m benchmarks $(if $(QUICK),--quick) $(if $(SIZE),--jobs $(SIZE)) $(ARGS)

bench-growth: $(VENV)/installed ## Measure the statements in a market of SIZE=1000000 jobs
	@$(IN_BACKEND) python -m benchmarks.growth $(if $(SIZE),--jobs $(SIZE))

bench-ablation: $(VENV)/installed $(BARE_VENV)/installed ## Measure what each mechanism buys, with it and without it; QUICK=1 runs one short round
	@$(IN_BACKEND) python -m benchmarks.ablation $(if $(QUICK),--quick) $(if $(SIZE),--jobs $(SIZE))

soak: $(VENV)/installed ## Run OPERATIONS=100000 concurrent operations with consistency checks; SEED=... varies them
	@$(IN_BACKEND) python -m chaos.soak $(if $(OPERATIONS),--operations $(OPERATIONS)) $(if $(SEED),--seed $(SEED))

chaos: $(VENV)/installed ## Inject faults and check the guarantees; ARGS="restart" selects scenarios
	@$(IN_BACKEND) python -m chaos $(ARGS)

lock: ## Pin the dependencies of pyproject.toml (needs uv); ARGS=--upgrade takes the newest
	cd backend && $(LOCK) $(ARGS) pyproject.toml --output-file requirements.txt
	cd backend && $(LOCK) $(ARGS) pyproject.toml --group tracing --constraint requirements.txt --output-file requirements-tracing.txt
	cd backend && $(LOCK) $(ARGS) pyproject.toml --group dev --constraint requirements.txt --output-file requirements-dev.txt

clean: ## Remove generated files and virtual environments; data stay
	rm -rf $(VENV) $(BARE_VENV) backend/.coverage* backend/htmlcov backend/.*_cache backend/.hypothesis
	find backend -name __pycache__ -prune -exec rm -rf {} +

$(VNU):
	@mkdir -p $(@D)
	@if command -v npm >/dev/null; then npm install --silent --ignore-scripts --prefix $(@D) vnu-jar@26.9.27; fi

$(VENV)/installed: backend/requirements-dev.txt
$(BARE_VENV)/installed: backend/requirements.txt
$(VENV)/installed $(BARE_VENV)/installed:
	@echo "Installing $< in $(@D)"
	@$(PYTHON) -m venv --clear $(@D)
	@$(@D)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@
