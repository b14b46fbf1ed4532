# Two commands: `make journey` and `make test`. Both make .venv once and reuse it.
PYTHON ?= python3
VENV := .venv
STAMP := $(VENV)/installed
EXTRAS := home,dev

.PHONY: journey test check lint types vectors bench bench-long clean

$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	@echo "installing into $(VENV) (once)"
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[$(EXTRAS)]'
	@touch $@

journey: $(STAMP)
	@$(VENV)/bin/fifthfloor journey --yes $(if $(PHOTOS),--photos $(PHOTOS)) $(if $(OUT),--out $(OUT))

test: check
	@$(VENV)/bin/python -m pytest -n auto

check: lint types

lint: $(STAMP)
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .

types: $(STAMP)
	@$(VENV)/bin/mypy

clean:
	rm -rf $(VENV) .venv-base .mypy_cache .ruff_cache
