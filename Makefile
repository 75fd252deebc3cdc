# Two commands do everything on a machine that has Python 3.11 or newer: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
PORT ?= 8080
LANGUAGE ?= en
# Where the shell forbids to keep what was compiled, each of the tests' many processes would compile all of it again.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test lint types imports docs collected unit soak bench screenshots audit lock clean

demo: $(INSTALLED) ## Set up, start the playground and the bot with a seeded team, print the address.
	$(BIN)/hattrick demo --port $(PORT) --language $(LANGUAGE)

test: $(INSTALLED) ## Set up and run every check and test: what takes one core in pairs, the tests on all.
	$(MAKE) --no-print-directory --jobs 2 $(if $(filter output-sync,$(.FEATURES)),--output-sync) types docs collected lint imports
	$(MAKE) --no-print-directory unit

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(INSTALLED)
	$(BIN)/mypy

imports: $(INSTALLED)
	$(BIN)/lint-imports

docs: $(INSTALLED) ## Build the documentation into docs/_build; a broken link in it is an error.
	$(BIN)/sphinx-build --fail-on-warning --quiet --builder html docs docs/_build

collected: $(INSTALLED) ## Read every test once, so that the workers of `unit` find them compiled.
	@$(BIN)/pytest --collect-only --quiet --quiet > $(VENV)/collected.txt || { cat $(VENV)/collected.txt; exit 1; }

unit: $(INSTALLED)
	@# Real processes and sockets on a busy machine: what failed is run once more, alone, and must pass then.
	$(BIN)/pytest -n 3 --dist loadgroup || $(BIN)/pytest --last-failed --last-failed-no-failures none

soak: $(INSTALLED) ## Kill, starve and flood it for a long while; what happened is kept in soak/.
	HATTRICK_SOAK=1 $(BIN)/pytest tests/soak -n 2 --maxschedchunk 1 --junitxml soak/tests.xml

bench: $(INSTALLED) ## Measure the product against its bars.
	$(BIN)/hattrick bench

screenshots: $(INSTALLED) ## Take the documentation's pictures, from the real product.
	$(BIN)/python -m tests.support.screenshots docs

audit: $(INSTALLED) ## Ask whether a pinned package has a known weakness, or was taken back. Needs the network.
	test -x $(VENV)/audit/bin/pip-audit || $(PYTHON) -m venv $(VENV)/audit
	$(VENV)/audit/bin/pip install --quiet --disable-pip-version-check --upgrade pip-audit
	$(BIN)/python -m tests.support.auditing $(VENV)/audit/bin/pip-audit

lock: ## Pin the newest versions that pyproject.toml allows.
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --universal --generate-hashes --no-header --no-annotate --no-emit-index-url \
		--python-version 3.11 --all-extras --upgrade pyproject.toml --output-file requirements.lock
	@# Of them, what the container's image needs.
	$(BIN)/uv pip compile --universal --generate-hashes --no-header --no-annotate --no-emit-index-url \
		--python-version 3.11 --extra postgres --constraint requirements.lock \
		pyproject.toml --output-file docs/deploy/requirements.lock

clean:
	rm -rf $(VENV) docs/_build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Hattrick needs Python 3.11 or newer.")'
	@echo "Setting up in $(VENV), once: packages are downloaded and installed. This takes about a minute ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@echo "Everything is installed."
	@touch $@
