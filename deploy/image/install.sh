#!/bin/sh
# Installs the service as the image has it: install.sh SOURCE PREFIX
# Makes PREFIX a virtual environment with the locked packages (by hash, binary wheels only, so nothing is compiled) and
# this project as a wheel; pip and what builds the wheel stay outside. The Dockerfile runs it, and so does the test that
# proves it without an engine.
set -eu
source=$(cd "$1" && pwd)
prefix=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
export PIP_DISABLE_PIP_VERSION_CHECK PIP_ROOT_USER_ACTION
subset() { python3 "$source/deploy/image/lock_subset.py" "$source/requirements.lock" "$source/pyproject.toml" "$@"; }

subset hatchling >"$work/build.lock"
subset >"$work/runtime.lock"
python3 -m venv "$work/build"
"$work/build/bin/pip" install -q --no-deps --only-binary :all: --require-hashes -r "$work/build.lock"
(cd "$source" && "$work/build/bin/hatchling" build -t wheel -d "$work/dist" >/dev/null)

python3 -m venv --without-pip "$prefix"
into() { "$work/build/bin/pip" --python "$prefix/bin/python" install -q --no-deps --only-binary :all: "$@"; }
into --require-hashes -r "$work/runtime.lock"
into --no-index "$work"/dist/doc_service-*.whl
