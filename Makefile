# The commands of the project; each sets up first what it needs.

PYTHON ?= python3
VENV = .venv/bin/python
PYTEST = $(VENV) -m pytest

.PHONY: run test test-fast test-long fuzz check bench soak clean

# One command: set up what is missing, then start everything. LAN=1 serves HTTPS on this machine's own address.
run:
	@$(PYTHON) suite/operations/setup.py
	@exec env DEMO_OIDC=$${DEMO_OIDC:-true} $(VENV) manage.py up

# Browser tests are a run apart, as Playwright leaves an event loop in its process, and one at a time: each fills two cores.
test:
	@$(PYTHON) suite/operations/setup.py --tests
	tests/run.sh "not live and not browser" -n 2 --dist worksteal
	tests/run.sh "live and not browser and not alone and not long" -n 2 --dist loadfile
	tests/run.sh "alone and not long"
	tests/run.sh "browser and not long"

# What `make test` leaves out for its length: every client in every mode, every format, outages and bad links by the minute.
test-long:
	@$(PYTHON) suite/operations/setup.py --tests
	$(PYTEST) -m "long and not browser"
	$(PYTEST) -m "long and browser"

test-fast:
	@$(PYTHON) suite/operations/setup.py --tests
	$(PYTEST) -n 2 --dist worksteal -m "not live and not browser"

# Feeds made-up packets and messages to every parser for SECONDS each; fails on a finding and keeps it in build/fuzz/.
fuzz:
	@$(PYTHON) suite/operations/setup.py --tests
	$(VENV) -m tests.fuzz --seconds $(or $(SECONDS),60)

check:
	@$(PYTHON) suite/operations/setup.py --tests
	$(VENV) -m ruff format --check .
	$(VENV) -m ruff check .
	$(VENV) -m mypy suite visio tests benchmarks manage.py
	node_modules/.bin/tsc --project tsconfig.json
	$(VENV) manage.py makemigrations --check --dry-run
	$(PYTEST) tests/house tests/theme/test_texts.py

bench:
	@$(PYTHON) suite/operations/setup.py --tests
	$(VENV) -m benchmarks.packet_path

# Holds meetings for SECONDS; fails when web or media keep memory or files, or when a log tells of an exception.
soak:
	@$(PYTHON) suite/operations/setup.py --tests
	$(VENV) -m benchmarks.soak --seconds $(or $(SECONDS),3600)

# Removes what the set-up made; data/ holds people's rooms and stays.
clean:
	rm -rf .venv node_modules static/vendor build .mypy_cache .ruff_cache
