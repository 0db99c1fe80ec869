# What concerns several nodes and PostgreSQL. The Makefile includes this file after test.mk.

.PHONY: nodes copy bench-nodes

nodes: test-needs ## Kill one of three nodes every five seconds for a minute, at 300 events a second
	swift build -c release --product runbell
	NODES_SECONDS=60 NODES_PER_SECOND=300 RUNBELL_BIN=$(CURDIR)/.build/release/runbell $(PROGRAM_TESTS) test_nodes.py

copy: test-needs ## Copy a million deliveries from SQLite to PostgreSQL, killed in the middle
	swift build -c release --product runbell
	COPY_DELIVERIES=1000000 RUNBELL_BIN=$(CURDIR)/.build/release/runbell $(PROGRAM_TESTS) test_large_copy.py

bench-nodes: ## Measure one to three nodes over PostgreSQL, and SQLite, in the release build (five quiet minutes)
	scripts/install-bench-needs
	swift build -c release --product runbell
	$(MAKE) --no-print-directory -C bench
	python3 bench/nodes.py $(BENCH)
