# A thin alias: everything here is one or two lines that also work by hand (see README.md).
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
SAMPLE := data/raw/voorbeeld/bronnen.yaml

.PHONY: evaluaties test bench lab lock clean

evaluaties: $(SAMPLE)  ## set up, make the sample data, produce the nine packs
	$(BIN)/wib run

test: $(SAMPLE)  ## set up and pass the tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --cov --cov-report term:skip-covered
	$(BIN)/wib run  # the notebooks over all areas read what the areas saved
	$(BIN)/python -m pytest --override-ini testpaths=notebooks --nbval-lax --nbval-current-env notebooks

bench: $(SAMPLE)  ## the chain beside a papermill loop (about an hour)
	$(BIN)/python benchmarks/chain.py

lab: $(READY)  ## open JupyterLab
	$(BIN)/jupyter lab

$(SAMPLE): $(READY) $(wildcard src/wib_lib/sample/*.py)
	$(BIN)/wib sample
	@touch $@

# Hash-checked: what is installed is what the lock names, wherever it comes from.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 of nieuwer is nodig: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv .venv
	@command -v uv >/dev/null || $(BIN)/python -m pip install --quiet uv
	PATH="$$PATH:$(BIN)"; \
	  uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock && \
	  uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --offline -e .
	@touch $@

lock:  ## resolve the lock anew from pyproject.toml
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet --upgrade -o requirements.lock

clean:  ## remove the environment and everything that was made; deliveries stay
	rm -rf .venv reports/*/ data/processed/*/ data/raw/voorbeeld
