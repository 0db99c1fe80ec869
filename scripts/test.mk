# The tests and what they need. The Makefile includes this file; `make help` shows what stands behind `##`.

TEST_ENVIRONMENT := .venv-test
TEST_PYTHON := $(TEST_ENVIRONMENT)/bin/python
SWIFT_CODE := Sources Tests Migrations Package.swift
PYTHON_CODE := Tests/Acceptance

.PHONY: test acceptance overload lint format verify test-needs

test: test-needs ## Install what the tests need, build, and run all tests
	scripts/run-tests

acceptance: test-needs ## Run the acceptance tests against the real program (PYTEST="-k slack" for some of them)
	swift build --product runbell
	scripts/run-acceptance $(PYTEST)

overload: test-needs ## Flood the release build with four times its capacity for 60 s
	swift build -c release --product runbell
	OVERLOAD_SECONDS=60 RUNBELL_BIN=$(CURDIR)/.build/release/runbell scripts/run-acceptance test_overload.py -s

lint: test-needs ## Check the style of the code
	swift format lint --strict --recursive --parallel $(SWIFT_CODE)
	$(TEST_ENVIRONMENT)/bin/ruff check $(PYTHON_CODE)
	$(TEST_ENVIRONMENT)/bin/ruff format --check $(PYTHON_CODE)

format: test-needs ## Bring the code into its style
	swift format format --in-place --recursive --parallel $(SWIFT_CODE)
	$(TEST_ENVIRONMENT)/bin/ruff check --fix $(PYTHON_CODE)
	$(TEST_ENVIRONMENT)/bin/ruff format $(PYTHON_CODE)

verify: lint ## Do what CI does: lint, a build without warnings, all tests
	scripts/build-without-warnings
	scripts/run-tests

test-needs: $(TEST_ENVIRONMENT)/installed

$(TEST_ENVIRONMENT)/installed: Tests/Acceptance/requirements.txt scripts/install-test-needs
	scripts/install-test-needs $(TEST_ENVIRONMENT)
