#!/usr/bin/env bash
# Formatting, lints, layer rules, types: what can be said without running anything.
set -euo pipefail
cd "$(dirname "$0")/.."
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$HOME/.cache/csoc/target}"
step() { printf '\n== %s\n' "$*"; }

scripts/need.sh rust node
step "formatting"
cargo fmt --all --check
step "clippy"
cargo clippy --workspace --all-targets --features csoc-testkit/rig --locked -- -D warnings
step "layer rules, licences"
scripts/deny.sh
step "UI: lints, and types that match openapi.json"
make --no-print-directory ui/node_modules/.package-lock.json
(cd ui && npm run lint && npm run types:check && npx --no-install tsc -b)
