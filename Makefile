# Two commands on a fresh machine: `make demo` and `make test`. Each sets itself up in .venv.

PYTHON ?= python3
BIN = .venv/bin
DEMO ?= demo-city

# Every process that a test or the demo starts would compile the program anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check format golden docs bench fuzz clean

.venv/ready: setup.cfg pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --editable ".[test]"
	touch .venv/ready

demo: .venv/ready
	$(BIN)/python -m demo.walk $(DEMO)

# Without the last option a worker that crashes leaves the others waiting for ever.
test: check
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder --max-worker-restart 0

check: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: .venv/ready
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

golden: .venv/ready
	MUNIMENT_GOLDEN=1 $(BIN)/python -m pytest tests/ingest
	git diff --stat tests/data

docs: .venv/ready
	$(BIN)/python docs/generate.py

bench: .venv/ready
	$(BIN)/python -m bench.ingest
	$(BIN)/python -m bench.formats
	$(BIN)/python -m bench.writers
	$(BIN)/python -m bench.retention
	$(BIN)/python -m bench.city --take-in
	$(BIN)/python -m bench.export

fuzz: .venv/ready
	$(BIN)/pip install --quiet --disable-pip-version-check --editable ".[fuzz]"
	PYTHONPATH=.:tests $(BIN)/python tests/fuzz.py

clean:
	rm -rf .venv $(DEMO) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache
