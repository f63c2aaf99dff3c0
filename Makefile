# `make run` and `make test` work on a fresh machine: each sets up what it needs.
# A Python of 3.11 or newer is found by itself; PYTHON=... names another.

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help run test bench faults fuzz kills load check format pin clean deploy doctor

help:  ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /make \1\t/' | expand -t 14

run: $(INSTALLED)  ## Start the site, the API and its database; Ctrl-C stops them
	@exec $(BIN)/python -m ops run $(ARGS)

test: $(INSTALLED)  ## Run every test: unit, contract, functional, browser
	@$(BIN)/python -m tests.browser.chromium
	@$(BIN)/python -m tests.deploy.checkov
	$(BIN)/python -m pytest $(ARGS)

faults: $(INSTALLED)  ## Prove that nothing is lost: 10,000 posts, 30 % faults; ARGS=--quick
	@$(BIN)/python -m tests.faults $(ARGS)

kills: $(INSTALLED)  ## Kill the local system and the packaged app 200 times each; KILLS=n
	@$(BIN)/python -m tests.faults --kills $(or $(KILLS),200) $(ARGS)

load: $(INSTALLED)  ## Hold 1,000 posts in flight against the packaged app
	@$(BIN)/python -m tests.faults.load $(ARGS)

bench: $(INSTALLED)  ## Measure Formpost beside its peers; ARGS=--quick takes two minutes
	@$(BIN)/python -m bench.submit $(ARGS)

fuzz: $(INSTALLED)  ## Send hostile input to every entrance for MINUTES=2; ARGS='--seed 7' repeats
	@$(BIN)/python -m tests.fuzz --minutes $(or $(MINUTES),2) $(ARGS)

deploy: $(INSTALLED)  ## Bring STAGE=prod or another stage to AWS
	@$(BIN)/python -m ops deploy --stage $(STAGE) $(ARGS)

doctor: $(INSTALLED)  ## Examine STAGE=prod, or URL=http://localhost:8000
	@$(BIN)/python -m ops doctor $(if $(STAGE),--stage $(STAGE)) $(if $(URL),--url $(URL)) $(ARGS)

check: $(INSTALLED)  ## Format, lint, strict types, import rule
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/unit/test_architecture.py

format: $(INSTALLED)  ## Format the code and mend what the linter can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

pin: $(INSTALLED)  ## Resolve requirements-dev.in anew and pin it
	$(BIN)/python -m pip install --upgrade -r requirements-dev.in
	@condition=$$(sed -n 's/^atheris;/;/p' requirements-dev.in); \
	  { sed -n '/^#/p' requirements-dev.txt; $(BIN)/python -m pip freeze; } \
	  | sed "s/^atheris==.*/&$$condition/" > requirements-dev.new
	@mv requirements-dev.new requirements-dev.txt

clean:  ## Remove the virtual environment and every cache; stored data stay
	rm -rf $(VENV) .bench .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(INSTALLED): requirements.txt requirements-dev.txt
	@python=$$(sh ops/find-python.sh $(PYTHON)) && \
	  { [ -x $(BIN)/python ] || "$$python" -m venv $(VENV); }
	@echo "Installing the pinned packages into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
