#!/usr/bin/env bash
# `cargo deny`: who may depend on whom, and under which licences. Advisories need the network, so
# they are checked where it is there (CSOC_ADVISORIES=1).
set -euo pipefail
cd "$(dirname "$0")/.."
version=0.20.2
tools="$HOME/.cache/csoc/tools"
deny="$tools/bin/cargo-deny"
if ! [ -x "$deny" ] || ! "$deny" --version | grep -q "$version"; then
  echo "building cargo-deny $version once (kept in $tools)" >&2
  CARGO_TARGET_DIR="$tools/target" cargo install --quiet --locked --root "$tools" --no-default-features --version "$version" cargo-deny
  rm -rf "$tools/target"
fi
"$deny" --offline --all-features check bans licenses sources
if [ "${CSOC_ADVISORIES:-}" = 1 ]; then "$deny" check advisories; fi
# Two TLS providers in one program panic at run time, not when building.
if cargo tree --locked --workspace -e normal -i ring 2>/dev/null | grep -q .; then
  echo "ring is in the tree beside aws-lc-rs: find who brings it with 'cargo tree -i ring'" >&2
  exit 1
fi
