#!/usr/bin/env bash
# Measures what we claim about speed and memory, as a Markdown table. Figures depend on the machine: read
# them against their limits, and against a run of the same machine before a change.
set -euo pipefail
cd "$(dirname "$0")/.."
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$HOME/.cache/csoc/target}"
scripts/need.sh rust node git
make --no-print-directory ui
cargo build --release --locked -p csoc -p csoc-server --bins --examples
bin="$CARGO_TARGET_DIR/release"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fleet="${CSOC_REAL_FLEET:-../shared/fleet/gitops-fleet.bundle}"
copies=13
if ! [ -e "$fleet" ]; then
  echo "there is no real fleet at $fleet; measuring the sample fleet" >&2
  "$bin/examples/fleet_bench" --sample "$work/sample"
  fleet="$work/sample/fleet.git"
  copies=63
fi

row() { printf '| %s | %s | %s |\n' "$1" "$2" "$3"; }
# What we claim, of the figures that fleet_bench prints.
limit() {
  case $1 in
    "the fleet: head, cold"*) echo "1 s" ;;
    "the fleet: whole history"*) echo "10 s" ;;
    "the fleet: one landing, from"*) echo "1000 ms" ;;
    "the fleet: one landing, processor"*) echo "50 ms" ;;
    "500 commons: GET now, p99" | "500 commons: GET matrix, p99") echo "20 ms" ;;
    "500 commons: server memory, its own") echo "300 MiB" ;;
  esac
}
measured() { while IFS='|' read -r name value unit; do row "${name% }" "$(echo "$value$unit" | xargs)" "$(limit "${name% }")"; done; }
echo "| what | measured | limit |"
echo "|---|---|---|"
"$bin/examples/fleet_bench" "$fleet" "the fleet" | measured
git clone -q --bare "$fleet" "$work/pushed.git"
"$bin/examples/fleet_bench" "$work/pushed.git" "the fleet" | grep "one landing" | measured
"$bin/examples/fleet_bench" "$fleet" "500 commons" "$copies" | measured

best() { for _ in 1 2 3 4 5; do /usr/bin/env bash -c 'TIMEFORMAT=%R; time "$@" >/dev/null 2>&1 || true' _ "$@" 2>&1; done | sort -n | sed -n 3p; }
row "csoc lint of the fleet, median of 5" "$(best "$bin/csoc" lint "$fleet") s" "1 s"

shell=0
for file in $(grep -oE '(src|href)="/assets/[^"]+"' ui/dist/index.html | sed -E 's/.*"\/(.*)"/\1/'); do
  shell=$((shell + $(gzip -9 -c "ui/dist/$file" | wc -c)))
done
row "UI shell, gzip" "$((shell / 1024)) KiB" "300 KiB"
