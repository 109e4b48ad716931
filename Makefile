# Every target sets up .venv itself from the hash-locked requirements; the first time takes about a minute.
#   make chat  PORT=8000 CORPUS=seeds      make test ARGS="-k index"      make eval ARGS="--help"
# PYTHON=/path/to/python3.12 chooses the interpreter of a new .venv.

PORT ?=
CORPUS ?= seeds
ARGS ?=
OUT ?= screenshots
UV_VERSION := 0.13.8

VENV := .venv
BIN := $(VENV)/bin
# Twice quiet: it warns of an extra that a dependency of a dependency asks for and no longer exists, which is nothing to a reader.
PIP := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --no-input
LOCKED := $(PIP) --require-hashes --no-build-isolation

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help chat test eval bench torture audit lint format screenshots lock wheel clean

help:
	@echo "make chat    ask questions in the browser (PORT=8000, CORPUS=folder)"
	@echo "make test    run the tests (ARGS=... goes to pytest)"
	@echo "make eval    measure answers over the seed articles, report in .isnad/report (ARGS=... goes to python -m eval)"
	@echo "make bench   measure speed, size and memory beside LlamaIndex's BM25Retriever (ARGS=\"--articles 500 50000\"); plots in .isnad/bench"
	@echo "make lint    check format, lint and types;  make format writes the format"
	@echo "make wheel   build dist/*.whl"
	@echo "make torture everything that can go wrong, done on purpose; about 20 minutes (ARGS=\"--only crash --minutes 1\")"
	@echo "make audit   known vulnerabilities of what is locked, and all licences (needs the network)"
	@echo "make screenshots   pictures of the page in every state (OUT=screenshots)"
	@echo "make lock    resolve the requirements anew (needs the network)"
	@echo "make clean   remove $(VENV) and what the tools left"

chat: $(VENV)/run.stamp
	@$(BIN)/isnad chat --corpus "$(CORPUS)" $(if $(PORT),--port $(PORT)) $(ARGS)

test: $(VENV)/dev.stamp
	@$(BIN)/python -m pytest --numprocesses=3 --dist=loadfile --no-loadscope-reorder $(ARGS)

eval: $(VENV)/dev.stamp
	@$(BIN)/python -m eval $(or $(ARGS),run --out .isnad/report)

bench: $(VENV)/dev.stamp $(VENV)/bench.stamp
	@$(BIN)/python -m eval bench --peer-python $(VENV)/bench/bin/python --out .isnad/bench $(ARGS)

torture: $(VENV)/dev.stamp $(VENV)/tools.stamp
	@$(BIN)/python -m tests.torture $(ARGS)

# Whatever could not be looked up is a failure too: silence must not pass for safety.
audit: $(VENV)/dev.stamp $(VENV)/tools.stamp
	@$(BIN)/python -m tests.licences
	@$(VENV)/tools/bin/pip-audit --strict --require-hashes --disable-pip --requirement requirements-dev.txt || \
	  { echo "audit: a vulnerability was found, or not every package could be looked up; this needs the network" >&2; exit 1; }

lint: $(VENV)/dev.stamp
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

format: $(VENV)/dev.stamp
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

screenshots: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.screenshots $(OUT) $(ARGS)

wheel: $(VENV)/dev.stamp
	@rm -rf dist
	@$(BIN)/python -m build --wheel --no-isolation
	@ls dist

# The interpreter is tried, not only looked up: version managers put names on PATH that do not run.
$(VENV)/base.stamp: requirements-build.txt
	@set -e; \
	enough='import sys; sys.exit(sys.version_info < (3, 11))'; \
	python="$(PYTHON)"; \
	if [ -z "$$python" ]; then \
	  for name in python3.11 python3.12 python3.13 python3 python; do \
	    if $$name -c "$$enough" >/dev/null 2>&1; then python=$$name; break; fi; \
	  done; \
	  if [ -z "$$python" ]; then \
	    echo "Isnad needs Python 3.11, 3.12 or 3.13 and none is on PATH. Install one, or name it: make PYTHON=/path/to/python3.12 ..." >&2; exit 1; \
	  fi; \
	elif ! "$$python" -c "$$enough" >/dev/null 2>&1; then \
	  echo "PYTHON=$$python does not run or is older than Python 3.11. Isnad needs 3.11, 3.12 or 3.13." >&2; exit 1; \
	fi; \
	echo "Setting up $(VENV) with $$python (about a minute, once) ..."; \
	"$$python" -m venv --clear $(VENV)
	@$(PIP) --require-hashes -r requirements-build.txt
	@touch $@

# Python compiles what is used when it is first used; much of what is installed never is.
$(VENV)/run.stamp: $(VENV)/base.stamp requirements.txt pyproject.toml
	@$(LOCKED) --no-compile -r requirements.txt
	@$(PIP) --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/base.stamp requirements-dev.txt pyproject.toml
	@echo "Adding what the tests and the evaluation need (about a minute, once) ..."
	@$(LOCKED) -r requirements-dev.txt
	@$(BIN)/python -W ignore -m compileall -qq -j 0 $(VENV)/lib || true  # in a test a warning of the compiler would be an error
	@$(PIP) --no-build-isolation --no-deps --editable .
	@touch $@

# What `make bench` compares with, in an environment of its own: it wants an older stemmer than the assistant.
$(VENV)/bench.stamp: $(VENV)/base.stamp requirements-bench.txt
	@$(BIN)/python -m venv --clear $(VENV)/bench
	@$(VENV)/bench/bin/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r requirements-bench.txt
	@touch $@

# What looks at Isnad from outside, in an environment of its own.
$(VENV)/tools.stamp: $(VENV)/base.stamp requirements-tools.txt
	@$(BIN)/python -m venv --clear $(VENV)/tools
	@$(VENV)/tools/bin/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r requirements-tools.txt
	@touch $@

# One resolution for every supported Python and platform: the development lock is the whole, the others are parts of it.
lock: $(VENV)/base.stamp
	@$(BIN)/python -m venv $(VENV)/lock
	@$(VENV)/lock/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@set -e; \
	compile="$(VENV)/lock/bin/uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-emit-index-url --no-emit-find-links"; \
	$$compile --upgrade pyproject.toml requirements-build.in --extra dev --extra eval --extra mcp --extra server --output-file requirements-dev.txt; \
	$$compile --upgrade pyproject.toml --constraints requirements-dev.txt --output-file requirements.txt; \
	$$compile --upgrade pyproject.toml --extra mcp --constraints requirements-dev.txt --output-file requirements-mcp.txt; \
	$$compile --upgrade pyproject.toml --extra server --extra postgres --constraints requirements-dev.txt --output-file requirements-server.txt; \
	$$compile --upgrade requirements-build.in --constraints requirements-dev.txt --output-file requirements-build.txt; \
	$$compile --upgrade requirements-bench.in --output-file requirements-bench.txt; \
	$$compile --upgrade requirements-tools.in --output-file requirements-tools.txt

clean:
	@rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage .coverage.*
