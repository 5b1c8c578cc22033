# What this repository can do. `make help` lists it.
#
# Compiled dependencies are kept outside the checkout, so that a fresh clone is quick to build.
export CARGO_TARGET_DIR ?= $(HOME)/.cache/csoc/target
export CARGO_TERM_COLOR ?= auto
SHELL := /bin/bash
DATA ?= .data
LISTEN ?= 127.0.0.1:8080

.DEFAULT_GOAL := help
.PHONY: help run dev test check test-rust test-ui test-journeys bench rig ui server pictures openapi fuzz clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | awk -F'\t' '{ printf "  make %-14s %s\n", $$1, $$2 }'

run: ui server ## Build everything and start csoc with the sample fleet (DATA=folder, LISTEN=address)
	@exec "$(CARGO_TARGET_DIR)/release/csoc" serve --sample --data "$(DATA)" --listen "$(LISTEN)"

dev: ## Server (debug build) on 8080 and the UI with hot reload on 5173
	@scripts/dev.sh

test: ## Everything that must hold: formatting, lints, Rust tests on both databases, UI tests, journeys in Chromium
	@scripts/test.sh

check: ## Only formatting, lints, layer rules and types
	@scripts/check.sh

test-rust: ## Only the Rust tests
	@scripts/need.sh rust go postgres git
	cargo test --workspace --locked --features csoc-testkit/rig

test-ui: ui ## Only the UI's unit and component tests
	cd ui && npm test

test-journeys: ui ## Only the journeys in real Chromium
	@scripts/need.sh rust chromium
	cargo build --locked -p csoc
	cd ui && CSOC_BIN="$(CARGO_TARGET_DIR)/debug/csoc" npm run journeys

rig: ## Start a real Kubernetes on loopback (built once: minutes), print its kubeconfig, stop with Ctrl-C
	@scripts/need.sh rust go
	@scripts/rig.sh run

bench: ## Measure what we claim about speed and memory, as a table
	@scripts/bench.sh

pictures: ui server ## Take screenshots of every page (docs/images, and all of them into a temporary folder)
	@scripts/need.sh chromium
	cd ui && CSOC_BIN="$(CARGO_TARGET_DIR)/release/csoc" npm run pictures

openapi: ## Write openapi.json and the UI's types anew
	cargo run --locked -q -p csoc -- openapi > openapi.json.new && mv openapi.json.new openapi.json
	cd ui && npm run types

ui: ui/dist/.built ## Build the web interface into ui/dist

ui/node_modules/.package-lock.json: ui/package-lock.json
	@scripts/need.sh node
	cd ui && npm ci --no-audit --no-fund

ui/dist/.built: ui/node_modules/.package-lock.json $(shell find ui/src ui/public ui/dev ui/index.html ui/vite.config.ts ui/tsconfig.json -type f 2>/dev/null)
	cd ui && npm run build
	@touch $@

server: ui ## Build the csoc program (release)
	@scripts/need.sh rust
	cargo build --release --locked -p csoc

clean: ## Remove what was built in this checkout (not the shared cache)
	rm -rf ui/dist ui/node_modules
