# The tests and what they need. The Makefile includes this file; `make help` shows the text after `##`.

TEST_ENVIRONMENT := .venv-test
TEST_PYTHON := $(TEST_ENVIRONMENT)/bin/python
SWIFT_CODE := Sources Tests Migrations Package.swift bench/frameworks
PYTHON_CODE := Tests/Acceptance bench examples scripts/mutants

PROGRAM_TESTS := scripts/run-acceptance -q -s

.PHONY: pictures mutants fuzz test acceptance storm isolation neighbors scale plans overload simulate many bench microbench lint format verify checked-build libraries test-needs

test: test-needs ## Install what the tests need, build, and run all tests
	scripts/run-tests

acceptance: test-needs ## Run the acceptance tests against the real program (PYTEST="-k slack" for some)
	swift build --product runbell
	scripts/run-acceptance $(PYTEST)

pictures: test-needs ## Take the pictures of the pages in the documentation anew
	swift build --product runbell
	RUNBELL_PICTURES=docs/pictures $(PROGRAM_TESTS) test_pictures.py

overload: test-needs ## Flood the release build with four times its capacity for 60 s
	swift build -c release --product runbell
	OVERLOAD_SECONDS=60 RUNBELL_BIN=$(CURDIR)/.build/release/runbell scripts/run-acceptance test_overload.py -s

storm: test-needs ## Kill the service 2,000 times under load (a quarter of an hour)
	swift build --product runbell
	STORM_KILLS=2000 $(PROGRAM_TESTS) test_crash_storm.py

isolation: test-needs ## Measure how 100,000 deliveries to a hanging receiver affect the others
	swift build --product runbell
	$(PROGRAM_TESTS) test_isolation.py

neighbors: test-needs ## Measure, in the release build, how abuse by one organization affects another
	swift build -c release --product runbell
	NEIGHBORS_FLOOR=0.03 NEIGHBORS_ROUNDS=3 RUNBELL_BIN=$(CURDIR)/.build/release/runbell $(PROGRAM_TESTS) test_neighbors.py

scale: test-needs ## Fill a database with 100,000 organizations and 10 million deliveries and measure it (SCALE=short: 600,000)
	swift build -c release --product runbell
	SCALE=$(or $(SCALE),whole) RUNBELL_BIN=$(CURDIR)/.build/release/runbell $(PROGRAM_TESTS) test_scale.py

plans: test-needs ## Check the query plan of every statement that the program prepares
	swift build --build-tests
	$(PROGRAM_TESTS) test_query_plans.py

simulate: ## Simulate 10,000 small worlds (SEED=4711 prints one, WORLDS=100000 runs more)
	swift build --build-tests
	SEED=$(SEED) WORLDS=$(WORLDS) swift test --skip-build --filter SimulationTests

many: ## Send 1,000 runs to 20 channels of 17 kinds in simulated time, and to each alone (RUNS=100 for fewer)
	swift build --build-tests
	RUNS=$(or $(RUNS),1000) swift test --skip-build --filter ManyChannelsTests

fuzz: ## Look for inputs that crash a parser or cost too much, 60 s each (PARSER=json SECONDS=600 SEED=4711)
	swift build --product fuzz
	scripts/fuzz "$(PARSER)" "$(SECONDS)" "$(SEED)"

mutants: ## Mutate the code, one change at a time (COUNT=60, SEED=1), and check that the tests notice (LIST=1, AGAIN=1, IN_PLACE=1)
	SEED=$(SEED) COUNT=$(COUNT) LIST=$(LIST) AGAIN=$(AGAIN) IN_PLACE=$(IN_PLACE) python3 scripts/mutants

bench: ## Compare the release build with Alertmanager and two bounds; writes docs/benchmarks.md (18 quiet minutes)
	scripts/install-bench-needs
	swift build -c release --product runbell
	swift build -c release --product frameworks
	$(MAKE) --no-print-directory -C bench
	python3 bench/bench.py --page docs/benchmarks.md $(BENCH)

microbench: ## Measure single steps in a release build: accept, claim, record, each kind's request, JSON
	swift build -c release --product microbench
	.build/release/microbench

lint: test-needs ## Check code style, and GitHub's files against their schemas
	swift format lint --strict --recursive --parallel $(SWIFT_CODE)
	$(TEST_ENVIRONMENT)/bin/ruff check $(PYTHON_CODE)
	$(TEST_ENVIRONMENT)/bin/ruff format --check $(PYTHON_CODE)
	scripts/check-github $(TEST_ENVIRONMENT)

format: test-needs ## Format the code
	swift format format --in-place --recursive --parallel $(SWIFT_CODE)
	$(TEST_ENVIRONMENT)/bin/ruff check --fix $(PYTHON_CODE)
	$(TEST_ENVIRONMENT)/bin/ruff format $(PYTHON_CODE)

# The build beside what waits for downloads.
verify: ## Run what CI runs: lint, a build without warnings, all tests
	$(MAKE) --no-print-directory -j2 lint checked-build
	scripts/run-tests

checked-build: libraries
	scripts/build-without-warnings

libraries:
	@scripts/install-libraries

test-needs: $(TEST_ENVIRONMENT)/installed

$(TEST_ENVIRONMENT)/installed: Tests/Acceptance/requirements.txt scripts/install-test-needs | libraries
	scripts/install-test-needs $(TEST_ENVIRONMENT)
