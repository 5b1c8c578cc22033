#!/usr/bin/env bash
# The server in a debug build and Vite with hot reload beside it; ctrl-C ends both.
set -euo pipefail
cd "$(dirname "$0")/.."
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$HOME/.cache/csoc/target}"
scripts/need.sh rust node
make --no-print-directory ui/node_modules/.package-lock.json
mkdir -p ui/dist
cargo build --locked -p csoc
trap 'kill 0' EXIT
"$CARGO_TARGET_DIR/debug/csoc" serve --sample --data .data-dev --listen 127.0.0.1:8080 &
(cd ui && npm run dev) &
wait -n
