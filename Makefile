# `make demo` and `make test` need nothing before them: tools/setup.sh installs what is missing.
.PHONY: demo gallery demo-production drill faults swarm test up bench lint format lock setup templates
.DEFAULT_GOAL := help
OUT ?= demo-out
PY := .venv/bin/python

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | sort

setup: ## system packages and the virtual environment
	@tools/setup.sh run

demo-production: ## the same over PostgreSQL, RabbitMQ, MinIO and two workers, started natively (or by the URLs in the environment)
	@tools/setup.sh servers
	@tools/deploy-tools.sh minio
	@$(PY) -m tools.production demo --out $(OUT)-production

demo: setup ## from meeting data to a signed, archived, provable original in OUT
	@.venv/bin/doc-service demo --out $(OUT)

up: setup ## serve on http://127.0.0.1:8000 with the embedded defaults
	@.venv/bin/doc-service up

test: ## everything: lint, types, structure, tests
	@tools/setup.sh test
	@tools/deploy-tools.sh & built=$$!; tools/verapdf/run.sh && $(MAKE) --no-print-directory lint && wait $$built
	@PYTHONDONTWRITEBYTECODE= $(PY) -m tools.servers.session $(PY) -m pytest -q -n 3 --dist loadgroup $(PYTEST_ARGS)

lint: ## ruff, mypy strict, import contracts
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

format: ## rewrite to the house style
	@.venv/bin/ruff check --fix . ; .venv/bin/ruff format .

faults: ## every fault with 200 documents in flight; writes docs/faults.md (three quarters of an hour)
	@tools/setup.sh test
	@tools/deploy-tools.sh minio
	@$(PY) -m tools.chaos --all --report docs/faults.md

swarm: ## fifty members on one document, five on each of 200, by six ways to sign, while processes are killed (half an hour)
	@tools/setup.sh test
	@tools/deploy-tools.sh minio
	@$(PY) -m tools.swarm --signers 50 --kills 20
	@$(PY) -m tools.swarm --signers 50 --kills 8
	@$(PY) -m tools.swarm --signers 5 --documents 200 --kills 20

drill: ## backup, loss and restore of 2,000 documents, every one verified
	@tools/setup.sh test
	@DRILL_DOCUMENTS=2000 $(PY) -m pytest -q -s tests/backup/test_restore_drill.py -k after_a_restore

bench: ## measures, as ratios against what a user would pick instead
	@tools/setup.sh test
	@$(PY) -m benchmarks

gallery: ## images of every instrument's sample in docs/img/gallery, listed in docs/gallery.md
	@$(PY) -m tools.gallery

templates: ## rebuild templates/docx from tools/build_templates.py
	@$(PY) tools/build_templates.py

lock: ## renew requirements.lock
	@$(PY) -m uv pip compile --quiet --all-extras --generate-hashes --python-version 3.11 pyproject.toml -o requirements.lock
