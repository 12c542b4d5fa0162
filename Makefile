# Everything a person types. `make help` lists it; each line behind `##` is that list.

STACK ?= local
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
export NODE_COMPILE_CACHE := $(CURDIR)/node_modules/.cache/node

# A kubeconfig is used only when it is said here (`make up KUBECONFIG=…`): one that happens to be in the environment
# may lead to a cluster that nobody meant.
ifeq ($(origin KUBECONFIG),command line)
CLUSTER := --kubeconfig '$(KUBECONFIG)'
endif
ifdef CONTEXT
CLUSTER += --context '$(CONTEXT)'
endif

uap := node rehearsal/main.ts
options = --stack '$(STACK)' $(CLUSTER) $(if $(KEEP),--keep) $(if $(JSON),--json) $(if $(FAULT),--fault $(FAULT))

.DEFAULT_GOAL := help
.PHONY: help rehearse up preview down status credentials tools test coverage lint format docs charts bench clean

help: ## Show this list
	@echo 'Usage: make <target> [STACK=local] [KUBECONFIG=file] [CONTEXT=name]'
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

rehearse: node_modules ## Prove a stack on simulated clouds, with no account (TWICE=1 DESTROY=1 PREVIEW=1)
	@$(uap) rehearse $(options) $(if $(TWICE),--twice) $(if $(DESTROY),--destroy) $(if $(PREVIEW),--preview)

up: node_modules ## Bring the stack up (KEEP=1 keeps the cluster running)
	@$(uap) up $(options)

preview: node_modules ## Show what `up` would change, and check it against the policies
	@$(uap) preview $(options)

status: node_modules ## Show nodes, the health and address of every system, and the fit of the stack
	@$(uap) status $(options)

credentials: node_modules ## Print the generated accounts of the stack
	@$(uap) credentials $(options)

down: node_modules ## Delete everything that the stack made
	@$(uap) down $(options)

tools: node_modules ## Fetch or build the engine and Kubernetes now, and say where they are
	@$(uap) tools

test: node_modules ## Run all tests: types, lint, format, units, policies, rehearsals
	@node tests/run.ts

coverage: node_modules ## Run all tests and say which lines none of them runs
	@c8 node tests/run.ts

lint: node_modules ## Check types, lint and format
	@tsc --noEmit && eslint . && prettier --check --log-level warn .

format: node_modules ## Rewrite every file in the project's format
	@prettier --write --log-level warn .

docs: node_modules ## Rewrite the generated pages in docs/
	@node policy/docs.ts && node infra/sizing/docs.ts && node docs/guide/stack-costs.ts && node platform/docs.ts

charts: node_modules ## Record what Helm renders of every pinned chart, and fill the stack's mirror folder (needs helm and network)
	@node platform/charts/refresh.ts '$(STACK)'

bench: node_modules ## Measure program, preview, up, no-op up, destroy beside the engine's floor and kubectl
	@node bench/main.ts

clean: ## Remove what was installed and what rehearsals left (not the cached tools)
	@rm -rf node_modules .rehearsal coverage

# npm brings the right Node with it: the package `node` is a dependency like any other.
node_modules: package.json package-lock.json
	@command -v npm >/dev/null || { echo 'uap needs npm, which comes with Node.js 20 or newer: install it from https://nodejs.org and run make again.' >&2; exit 1; }
	@echo 'Installing the Node packages (once, about a minute) …' >&2
	@npm ci --no-audit --no-fund --loglevel=error || { echo 'The Node packages could not be installed; the reason stands above. The npm registry must be reachable once.' >&2; exit 1; }
	@test -x node_modules/.bin/node || { echo 'npm did not install the package `node`, whose install script must be allowed to run: see `npm config get ignore-scripts`.' >&2; exit 1; }
	@touch node_modules
