#!/usr/bin/env bash
# Makes sure that what a step needs is there. What Debian packages is installed when we may
# (root or password-less sudo); everything else is named in one sentence. Usage: need.sh rust node ...
set -euo pipefail

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo -n "$@"; else return 1; fi
}

updated=
debian() { # program-or-path package...
  local what=$1; shift
  if command -v apt-get >/dev/null; then
    echo "need: installing $* for $what" >&2
    if [ -z "$updated" ]; then as_root apt-get update -qq >/dev/null && updated=1; fi
    if as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null; then return 0; fi
  fi
  echo "need: $what is missing; install it (Debian: apt-get install $*) and try again" >&2
  exit 1
}

# From 1.21 on Go gets the version that a go.mod asks for by itself.
recent_go() { [ "$(printf 'go1.21\n%s\n' "$(go env GOVERSION)" | sort -V | head -1)" = go1.21 ]; }

# Debian's older Go fetches a newer one from Go's module proxy, checked against Go's checksum database like any module.
newer_go() {
  local place=${CSOC_GO_PLACE:-/usr/local} arch; arch=$(go env GOARCH)
  local module=golang.org/toolchain@v0.0.1-go1.26.0.linux-$arch
  echo "need: $(go env GOVERSION) is too old, fetching $module into $place/go" >&2
  if [ "$(uname -s)" != Linux ] || [ -e "$place/go" ] || ! go mod download "$module"; then
    echo "need: Go 1.21 or newer is missing; install it (https://go.dev/dl) and try again" >&2
    exit 1
  fi
  as_root mkdir -p "$place/bin"
  as_root cp -r "$(go env GOMODCACHE)/$module" "$place/go"
  as_root chmod -R u+w,a+rX "$place/go"
  # An older Go unpacks it as it does any module: without the right to run it.
  as_root chmod -R a+x "$place/go/bin" "$place/go/pkg/tool"
  as_root ln -sf "$place/go/bin/go" "$place/bin/go"
}

for what in "$@"; do
  case $what in
    rust)
      command -v cargo >/dev/null || { echo "need: Rust is missing; install it with rustup (https://rustup.rs), version 1.95 or newer" >&2; exit 1; }
      command -v cc >/dev/null || debian "a C compiler" build-essential
      ;;
    node)
      command -v npm >/dev/null || { echo "need: Node.js is missing; install version 20.19 or newer (https://nodejs.org)" >&2; exit 1; }
      ;;
    go)
      command -v go >/dev/null || debian Go golang-go
      recent_go || newer_go
      ;;
    git)
      command -v git >/dev/null || debian git git
      ;;
    sshd)
      [ -x /usr/sbin/sshd ] || debian sshd openssh-server
      ;;
    postgres)
      if [ -z "${CSOC_TEST_POSTGRES_URL:-}" ] && ! ls /usr/lib/postgresql/*/bin/pg_ctl >/dev/null 2>&1 && ! command -v pg_ctl >/dev/null; then
        debian PostgreSQL postgresql
      fi
      ;;
    chromium)
      [ -n "${CHROMIUM:-}" ] || command -v chromium >/dev/null || command -v google-chrome >/dev/null || debian Chromium chromium
      ;;
    *) echo "need: no recipe for $what" >&2; exit 2 ;;
  esac
done
