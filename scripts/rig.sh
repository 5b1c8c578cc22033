#!/usr/bin/env bash
# A real Kubernetes on loopback: etcd, kube-apiserver, controller-manager, scheduler and kwok (simulated nodes and pods).
#   rig.sh build   builds the programs once into ~/.cache/csoc/rig/<hash> and prints that folder
#   rig.sh run     builds, starts one cluster, prints its kubeconfig, stops it on Ctrl-C
# Versions are pinned in rig/go.mod, rig/kwok/go.mod and rig/helm/go.mod. Tests start their own clusters (csoc-testkit, Rig).
set -euo pipefail
cd "$(dirname "$0")/.."
CACHE="${CSOC_RIG_CACHE:-$HOME/.cache/csoc/rig}"

# What is built depends on these files only.
hash() { cat rig/go.mod rig/go.sum rig/etcd/main.go rig/kwok/go.mod rig/kwok/go.sum rig/helm/go.mod rig/helm/go.sum scripts/rig.sh | sha256sum | cut -c1-16; }

compile() { # folder-of-the-module package program [linker flags]
  local started=$SECONDS
  # Two at a time and politely: a cold build takes six minutes of both cores.
  (cd "$1" && nice -n 10 go build -p 2 -trimpath -ldflags "-s -w ${4:-}" -o "$building/$3" "$2") >&2
  echo "rig: built $3 in $((SECONDS - started)) s" >&2
}

build() {
  local folder; folder="$CACHE/$(hash)"
  if [ -e "$folder/complete" ]; then echo "$folder"; return; fi
  scripts/need.sh go
  mkdir -p "$CACHE"
  # Several tests may ask at once: one builds, the others wait for it.
  exec 9>"$CACHE/lock"; flock 9
  if [ -e "$folder/complete" ]; then echo "$folder"; return; fi
  export GOFLAGS="-mod=readonly -buildvcs=false" CGO_ENABLED=0
  local module
  for module in rig rig/kwok rig/helm; do
    (cd "$module" && go mod download && go mod verify) >&2
  done
  building="$folder.building"; rm -rf "$building"; mkdir -p "$building"
  local version minor program stamp
  version=$(awk '$1 == "k8s.io/kubernetes" && $2 ~ /^v/ { print $2; exit }' rig/go.mod)
  minor=${version#v1.}; minor=${minor%%.*}
  # Without these it calls itself v0.0.0, and clients behave differently.
  stamp=
  for program in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    stamp+=" -X $program.gitVersion=$version -X $program.gitMajor=1 -X $program.gitMinor=$minor -X $program.gitTreeState=clean"
  done
  for program in kube-apiserver kube-controller-manager kube-scheduler kubectl; do
    compile rig "k8s.io/kubernetes/cmd/$program" "$program" "$stamp"
  done
  compile rig ./etcd etcd
  compile rig/kwok sigs.k8s.io/kwok/cmd/kwok kwok
  compile rig/helm helm.sh/helm/v3/cmd/helm helm
  touch "$building/complete"
  rm -rf "$folder"; mv "$building" "$folder"
  echo "$folder"
}

case "${1:-run}" in
  build) build ;;
  run)
    CSOC_RIG_BIN=$(build); export CSOC_RIG_BIN
    exec cargo run --locked -q -p csoc-testkit --no-default-features --features rig --example rig ;;
  *) echo "usage: rig.sh [build|run]" >&2; exit 2 ;;
esac
