# Everything a newcomer types. `make help` reads the ## comments below.

PORT ?= 8000
WORKERS ?= 2
UV_VERSION := 0.13.9
COMPILE := pip compile --quiet --upgrade --universal --python-version 3.11 --only-binary :all: \
  --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate \
  --custom-compile-command "make lock"

BIN := .venv/bin
SETUP := .venv/.up-to-date
CATALOGUES := deliberate/translations

.DEFAULT_GOAL := help
.PHONY: help setup run test check bench screenshots journeys messages lock clean

help: ## Say what each target does
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(SETUP) ## Install everything into .venv; quick when nothing changed

run: $(SETUP) ## Serve the demo on http://127.0.0.1:8000 (another port: make run PORT=8123)
	@$(BIN)/deliberate init
	@$(BIN)/deliberate demo --if-empty --url http://127.0.0.1:$(PORT)
	@echo "Serving http://127.0.0.1:$(PORT) until Ctrl-C."
	@exec $(BIN)/deliberate serve --port $(PORT)

test: $(SETUP) ## Run every check and test, on SQLite and PostgreSQL and in Chromium
	@scripts/system-packages --tests
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

check: $(SETUP) ## Run the linters and the type checker only
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/deptry .

bench: $(SETUP) .bench-venv/.locked ## Measure speed: run each script in bench/, one after another
	@set -e; for script in bench/*.py; do echo "== $$script"; $(BIN)/python "$$script"; done

screenshots: $(SETUP) ## Drive Chromium through the pages and leave pictures in artefacts/screenshots
	@scripts/system-packages --tests
	PICTURES=1 $(BIN)/python -m pytest -n $(WORKERS) -m browser
	@echo "Pictures are in artefacts/screenshots/."

journeys: $(SETUP) ## Walk each journey four times: with and without JavaScript, on each database
	@scripts/system-packages --tests
	EVERY_PAIR=1 $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal tests/journeys

messages: $(SETUP) ## Collect the words on screen for translators and compile the translations
	$(BIN)/pybabel -q extract --mapping-file babel.cfg --ignore-dirs ".* __pycache__" \
	  --keyword _l --keyword lazy_gettext --add-comments TRANSLATORS: \
	  --add-location file --sort-by-file --no-wrap --project deliberate \
	  --copyright-holder "the contributors" --output-file $(CATALOGUES)/messages.pot .
	$(BIN)/pybabel -q update --input-file $(CATALOGUES)/messages.pot --output-dir $(CATALOGUES) \
	  --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap
	$(BIN)/pybabel -q compile --directory $(CATALOGUES)

lock: ## Choose versions anew and write requirements.lock and requirements-bench.lock
	"$$(scripts/find-python)" -m venv .lock-venv
	.lock-venv/bin/python -m pip install --quiet uv==$(UV_VERSION)
	.lock-venv/bin/uv $(COMPILE) --extra test --output-file requirements.lock \
	  pyproject.toml requirements.in
	.lock-venv/bin/uv $(COMPILE) --output-file requirements-bench.lock requirements-bench.in

clean: ## Remove what the other targets made, except the database in var/
	rm -rf .venv .lock-venv .bench-venv artefacts build deliberate.egg-info
	rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis

# A new lock means a fresh environment, so that nothing lingers that the lock does not name.
.venv/.locked: requirements.lock
	@python="$$(scripts/find-python)" && echo "Installing into .venv with $$python." && \
	  "$$python" -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
	  --only-binary :all: --requirement requirements.lock
	@touch $@

# The libraries that bench/tally.py compares with; nothing else needs them.
.bench-venv/.locked: requirements-bench.lock
	@python="$$(scripts/find-python)" && "$$python" -m venv --clear .bench-venv
	@.bench-venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
	  --only-binary :all: --requirement requirements-bench.lock
	@touch $@

# The package is a link to this folder, built by the build backend from the lock: no network.
$(SETUP): .venv/.locked pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps \
	  --no-build-isolation --editable .
	@touch $@
