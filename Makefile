# Pregón's commands. `make help` lists them.
SHELL := /bin/bash
PY := .venv/bin/python
# One more than there are cores: tests of whole sites mostly wait for other processes.
WORKERS := -n $(shell echo $$(($$(nproc) + 1)))

# Our own modules are compiled once, not by every process that is started.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help up venv dev lock test lint format messages messages-check fonts screenshots \
        audit audit-site test-sqlite test-postgres bench bench-desk bench-mail bench-pages \
        bench-people clean

help:  ## List the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

up: venv  ## Start the whole site on 127.0.0.1 (PORT=9000, DATA_DIR=/some/where, DEMO=no work)
	@exec $(PY) scripts/up.py

venv:  ## Make .venv with the locked runtime packages
	@scripts/install runtime

dev:  ## Add the development packages and, as root on Debian, the servers and the browser
	@scripts/install dev

test: dev lint test-sqlite test-postgres  ## Everything that must pass: lint, SQLite, PostgreSQL + Redis

test-sqlite: dev  ## The suite on the embedded default
	$(PY) -m pytest $(WORKERS) --dist loadgroup $(PYTEST_ARGS)

test-postgres: dev  ## The suite on PostgreSQL and Redis, private servers on free ports
	$(PY) scripts/servers.py $(PY) -m pytest $(WORKERS) --dist loadgroup $(PYTEST_ARGS)

lint: dev  ## Style, types, layers, migrations, settings, catalogues, compose file, Dockerfile
	@scripts/lint

format: dev  ## Let the formatters write
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .
	.venv/bin/djhtml site news newsletter

messages: dev  ## Take the strings out of the code into locale/ (needs gettext)
	$(PY) manage.py makemessages -v0 -l es -l en --no-wrap --no-obsolete --no-location \
	    -i .venv -i var -i tests -i node_modules

messages-check: dev  ## Fail on a stale, incomplete or broken catalogue
	$(PY) manage.py check_translations

lock: dev  ## Write the lock files again from requirements*.in
	.venv/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header \
	    --no-annotate --python-version 3.11 requirements.in -o requirements.lock
	.venv/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header \
	    --no-annotate --python-version 3.11 -c requirements.lock requirements-dev.in \
	    -o requirements-dev.lock
	.venv/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header \
	    --no-annotate --python-version 3.11 bench/mail/competitors.in \
	    -o bench/mail/competitors.lock

fonts: dev  ## Make the font subsets again (needs npm)
	$(PY) scripts/make_fonts.py

screenshots: dev  ## Take the README's pictures again (needs Chromium)
	$(PY) scripts/screenshots.py

audit: test audit-site  ## The long checks before a release: more kills, more pages
	AUDIT=1 $(PY) scripts/servers.py $(PY) -m pytest $(WORKERS) --dist loadgroup
	$(PY) -m pytest -m browser -p no:randomly tests/browser
	KILLS=100 $(PY) scripts/servers.py $(PY) -m pytest -m "faults or browser" -p no:randomly
	KILLS=100 $(PY) -m pytest -m faults -p no:randomly
	SEQUENCES=10000 $(PY) -m pytest $(WORKERS) -p no:randomly tests/pages/test_sequences.py
	EXAMPLES=5000 $(PY) -m pytest -p no:randomly tests/front/test_bad_input.py

audit-site: dev  ## Every page of the readers' site in every way, and Lighthouse; a quarter of an hour
	@scripts/install audit
	$(PY) -m pytest -m audit -p no:randomly $(PYTEST_ARGS) tests/audit

bench: bench-desk bench-mail bench-pages bench-people  ## Measure everything against its limits and peers, in minutes

bench-desk: dev  ## The translation desk and the explorer over 10,000 pages
	$(PY) -m bench.desk

bench-mail: dev  ## Mailing an issue, against the limit of the machine and against others
	$(PY) -m bench.mail $(BENCH_ARGS)

bench-pages: dev  ## Lists and search over 100,000 stories, against 1,000
	$(PY) -m bench.pages $(BENCH_ARGS)

bench-people: dev  ## Importing readers, against PostgreSQL's own COPY
	$(PY) -m bench.people $(BENCH_ARGS)

clean:  ## Remove the virtual environment and caches; your data in var/ stays
	rm -rf .venv .ruff_cache .mypy_cache .pytest_cache .hypothesis .import_linter_cache
