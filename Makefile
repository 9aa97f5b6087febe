# `make help` lists what can be made. Everything is installed into $(VENV), at the
# versions of constraints.txt; nothing outside this folder is touched.

PYTHON    ?= python3
VENV      ?= .venv
DEMO_ARGS ?=
TEST_ARGS ?=
BENCH_ARGS ?= --train
STUDY_ARGS ?=

#: PYTHON=python3.12         the interpreter to make the environment with, 3.11 or later
#: VENV=.venv                where the environment is
#: DEMO_ARGS="--steps 300"   more arguments of dagspec train
#: TEST_ARGS="-k cycle"      arguments of pytest
#: BENCH_ARGS=               without the ten minutes of training
#: STUDY_ARGS="--seeds 0"     arguments of thesis and toynet
#: PIP_INDEX_URL=…           where pip looks, for a CPU or CUDA build of torch; likewise
#:                           PIP_EXTRA_INDEX_URL and PIP_FIND_LINKS (see CONTRIBUTING.md)

BIN     := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --constraint constraints.txt

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test torture lint golden bench thesis toynet clean distclean

help:  ## print this list
	@printf 'usage: make TARGET [VARIABLE=value]\n\ntargets\n'
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@printf '\nvariables\n'
	@sed -n 's/^#: /  /p' $(MAKEFILE_LIST)

demo: $(VENV)/.installed  ## compile, draw and train specs/dsprites.dag, in some two minutes; see runs/demo/
	$(BIN)/dagspec compile specs/dsprites.dag
	$(BIN)/dagspec render specs/dsprites.dag
	$(BIN)/dagspec train specs/dsprites.dag --steps 800 --out runs/demo --continue-training $(DEMO_ARGS)

test: $(VENV)/.installed-dev  ## run all tests, those of the documentation's examples included
	$(BIN)/python -m pytest -n 2 $(TEST_ARGS)

torture: $(VENV)/.installed-dev  ## kill a run at ten random moments; it must end like one that was not
	$(BIN)/python -m pytest tests/train/test_stopped.py -k killed --kills 10

lint: $(VENV)/.installed-dev  ## check style, types and who imports whom
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports --no-logo

golden: $(VENV)/.installed-dev  ## rewrite the expected outputs in tests/golden/; review them with git diff
	$(BIN)/python -m pytest -n 2 --update-golden $(TEST_ARGS)

bench: $(VENV)/.installed  ## measure speed and memory against a hand-written model
	$(BIN)/python -m dagspec.bench $(BENCH_ARGS)

thesis: $(VENV)/.installed  ## train coupled beside decoupled networks, in some hours; see docs/experiments/decoupled.md
	OMP_NUM_THREADS=1 $(BIN)/python docs/experiments/decoupled.py $(STUDY_ARGS)

toynet: $(VENV)/.installed  ## ask models of a known process for its answers, in some hours; see docs/experiments/toynet.md
	OMP_NUM_THREADS=1 $(BIN)/python docs/experiments/toynet.py $(STUDY_ARGS)

clean:  ## remove what was made, except the environment and your own runs
	rm -rf build dist runs/demo .hypothesis .import_linter_cache .pytest_cache .ruff_cache
	find dagspec examples tests -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean  ## remove the environment, too
	if [ -f $(VENV)/pyvenv.cfg ]; then rm -rf $(VENV); fi

# The environment is made once; a stamp in it is older than pyproject.toml or
# constraints.txt when something has to be installed again.

$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/pip
	$(INSTALL) --editable '.[train]'
	@touch $@

$(VENV)/.installed-dev: pyproject.toml constraints.txt | $(BIN)/pip
	$(INSTALL) --editable '.[dev]'
	@touch $(VENV)/.installed $@

# pip is the last thing that venv puts in place, so a half-made environment has none.
$(BIN)/pip:
	@command -v $(PYTHON) >/dev/null || { \
	  echo 'dagspec needs Python 3.11 or later, and there is no $(PYTHON): install it, or name another with make PYTHON=…' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo 'dagspec needs Python 3.11 or later, and $(PYTHON) is older: name another with make PYTHON=python3.12' >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo '$(PYTHON) has no venv or no ensurepip: install them (Debian and Ubuntu: apt install python3-venv), then run make again' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
