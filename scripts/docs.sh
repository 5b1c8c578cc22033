#!/usr/bin/env bash
# The documents say what is: every relative link leads somewhere, every `make` target and every
# `csoc` command they name exists.
set -euo pipefail
cd "$(dirname "$0")/.."
csoc="${CARGO_TARGET_DIR:-$HOME/.cache/csoc/target}/debug/csoc"
bad=0
say() { echo "docs: $*" >&2; bad=1; }

while IFS= read -r file; do
  while IFS= read -r link; do
    target="${link%%#*}"
    [ -z "$target" ] && continue
    [ -e "$(dirname "$file")/$target" ] || say "$file links to $target, which is not there"
  done < <(grep -oE '\]\([^)]+\)' "$file" | sed -E 's/^\]\(//; s/\)$//' | grep -vE '^(https?:|mailto:)' || true)
  while IFS= read -r target; do
    grep -qE "^$target:" Makefile || say "$file names 'make $target', which does not exist"
  done < <(grep -oE '`make [a-z-]+' "$file" | sed 's/`make //' | sort -u || true)
  while IFS= read -r command; do
    "$csoc" $command --help >/dev/null 2>&1 || say "$file names 'csoc $command', which does not exist"
  done < <(grep -oE '(^|`|\$ )csoc [a-z]+(-[a-z]+)*' "$file" | sed -E 's/.*csoc //' | sort -u || true)
done < <(git ls-files 'README.md' 'CONTRIBUTING.md' 'docs/*.md' 'docs/**/*.md')
exit $bad
