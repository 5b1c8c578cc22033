#!/usr/bin/env bash
# All tests, in the order in which they fail fastest.
set -euo pipefail
cd "$(dirname "$0")/.."
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$HOME/.cache/csoc/target}"
step() { printf '\n== %s (%s)\n' "$*" "$(date +%T)"; }

step "what the tests need"
scripts/need.sh rust node go git sshd postgres chromium
scripts/check.sh
step "UI: build, unit and component tests"
make --no-print-directory ui
(cd ui && npm run unit)
step "the rig's programs (a cold build takes minutes, once)"
scripts/rig.sh build
step "Rust tests, SQLite and PostgreSQL, a real Kubernetes"
cargo test --workspace --locked --features csoc-testkit/rig
step "journeys in Chromium"
cargo build --locked -p csoc
(cd ui && CSOC_BIN="$CARGO_TARGET_DIR/debug/csoc" npm run journeys)
step "documentation"
scripts/docs.sh
step "all passed"
