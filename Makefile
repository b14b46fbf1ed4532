# Two commands: `make journey` and `make test`; `make desk` is the journey by mouse. Both make .venv once and reuse it.
PYTHON ?= python3
VENV := .venv
STAMP := $(VENV)/installed
EXTRAS := home,dev
# The base install as a traveller has it, without extras, in a venv of its own.
BASE := .venv-base
BASE_STAMP := $(BASE)/installed
# Two targets that need not wait for each other are made at once: the base install beside mypy.
MAKEFLAGS += -j2
SOURCES := $(shell find src -type f ! -name '*.pyc' 2>/dev/null)

.PHONY: journey desk test test-long test-without-judges check lint types vectors portable wheels wheels-everywhere windows release bench bench-long clean

$(STAMP): pyproject.toml theatre/pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	@echo "installing into $(VENV) (once)"
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[$(EXTRAS)]' --editable ./theatre
	@touch $@

$(BASE_STAMP): pyproject.toml $(SOURCES)
	@test -x $(BASE)/bin/python || $(PYTHON) -m venv $(BASE)
	@echo "installing into $(BASE) (again only when the source changes)"
	@$(BASE)/bin/python -m pip install --quiet --disable-pip-version-check .
	@touch $@

journey: $(STAMP)
	@$(VENV)/bin/fifthfloor journey --yes $(if $(PHOTOS),--photos $(PHOTOS)) $(if $(OUT),--out $(OUT))

# The desk on virtual cards, in a folder of its own.
desk: $(STAMP)
	@PYTHONPATH=. $(VENV)/bin/python tools/desk_stage.py --out $(or $(OUT),desk-out)
	@$(VENV)/bin/fifthfloor desk $(or $(OUT),desk-out) $(if $(ONLY_ADDRESS),--no-browser)

test: check $(BASE_STAMP)
	@$(VENV)/bin/python -m pytest -n auto --dist worksteal

# As `test`, with all seeds and every call of a card that may fail.
test-long: check $(BASE_STAMP)
	@FIFTHFLOOR_LONG=1 $(VENV)/bin/python -m pytest -n auto --dist worksteal

# What a bare Debian sees of the tests that name a judge (all others find none in `make test` either): passed, or skipped aloud.
test-without-judges: check $(BASE_STAMP)
	@FIFTHFLOOR_NO_JUDGES=1 $(VENV)/bin/python -m pytest -n auto --dist worksteal \
		$$(grep -lrF --include='test_*.py' 'mark.judge(' tests)

check: lint types

lint: $(STAMP)
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .

types: $(STAMP)
	@$(VENV)/bin/mypy

vectors: $(STAMP)
	@$(VENV)/bin/python -m tools.vectors

# One folder that runs from a stick without a network; another to install from. docs/guide/portable.md
portable: $(STAMP)
	@$(VENV)/bin/python -m tools.portable --out $(or $(OUT),portable) $(if $(WHEELS),--wheels $(WHEELS)) \
		$(if $(PYTHONS),--pythons $(PYTHONS)) $(if $(MACHINES),--machines $(MACHINES))

wheels: $(STAMP)
	@$(VENV)/bin/python -m tools.portable --wheels-only --out $(or $(OUT),wheels) \
		$(if $(PYTHONS),--pythons $(PYTHONS)) $(if $(MACHINES),--machines $(MACHINES))

# What is uploaded: both distributions, built twice and compared. docs/release.md
release: $(STAMP)
	@$(VENV)/bin/python -m tools.release.check
	@$(VENV)/bin/python -m tools.release.build --out $(or $(OUT),dist)

# Windows under wine, in a Debian folder of its own: needs root; three minutes once, then about five. No part of CI.
windows: $(STAMP)
	@PYTHONPATH=.:theatre/src $(VENV)/bin/python -m tools.windows --folder $(or $(FOLDER),.windows) $(if $(ONLY),--only $(ONLY))

# Minutes and a network: whether the base install has wheels on every machine. docs/wheels.md
wheels-everywhere: $(STAMP)
	@$(VENV)/bin/python -m tools.wheels_everywhere

# Minutes: each script prints rows of a table; it says what it needs when that is not there.
BENCHES := $(filter-out bench/measure.py bench/__init__.py bench/mutants.py bench/mutant_operators.py bench/mutant_engine.py bench/dieharder.py bench/fuzz.py bench/code_identity.py,$(wildcard bench/*.py))
bench: $(STAMP)
	@for script in $(BENCHES); do echo "$$script"; PYTHONPATH=.:bench $(VENV)/bin/python $$script || echo "  not measured"; done

# Hours: mutation testing and fuzzing of the parsers, dieharder.
bench-long: $(STAMP)
	@$(VENV)/bin/python bench/mutants.py
	@PYTHONPATH=. $(VENV)/bin/python bench/fuzz.py
	@$(VENV)/bin/python bench/dieharder.py
	@$(VENV)/bin/python bench/code_identity.py

clean:
	rm -rf $(VENV) $(BASE) .mypy_cache .ruff_cache
