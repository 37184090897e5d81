#!/usr/bin/env bash
# Makes this machine ready: system packages when missing (and allowed), then the virtual environment from the lock file.
# Usage: tools/setup.sh run|servers|test      Exits 3 and names what is missing when it may not install it itself.
set -euo pipefail
cd "$(dirname "$0")/.."
want=${1:-run}

packages=(libreoffice-writer-nogui python3-uno fonts-noto-core graphviz libtcmalloc-minimal4 poppler-utils qpdf python3 python3-venv openssl)
[ "$want" = test ] && packages+=(softhsm2 opensc maven default-jdk-headless git)
# The servers of a production: run natively, on ports and directories of the tests' own.
case "$want" in
  test|servers) packages+=(postgresql rabbitmq-server redis-server radosgw ceph-mon ceph-osd ceph-common) ;;
esac
[ "$want" = test ] && packages+=(prometheus nginx-light iproute2 util-linux tini faketime zbar-tools)
# Pages with the signing agent are tried in a real browser, its windows on a display of the tests' own.
[ "$want" = test ] && packages+=(chromium xvfb xdotool python3-tk)

missing=()
for p in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'install ok installed' || missing+=("$p")
done
# A tool that came by another way than Debian's package counts too.
keep=()
for p in "${missing[@]}"; do
  case "$p" in
    maven) command -v mvn >/dev/null && continue ;;
    default-jdk-headless) command -v javac >/dev/null && continue ;;
    git) command -v git >/dev/null && continue ;;
    python3|python3-venv) command -v python3 >/dev/null && python3 -c 'import venv, ensurepip' 2>/dev/null && continue ;;
  esac
  keep+=("$p")
done
if [ ${#keep[@]} -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing: ${keep[*]}" >&2
    log=$(mktemp)
    # Debian's packages start their servers when installed; we start our own, so nothing else is to run here.
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
      printf '#!/bin/sh\nexit 101\n' >"$policy"
      chmod 755 "$policy"
      trap 'rm -f "$policy"' EXIT
    fi
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${keep[@]}"; } \
      >"$log" 2>&1 || { cat "$log" >&2; echo "the packages could not be installed" >&2; exit 3; }
    rm -f "$log"
  else
    echo "missing Debian packages: ${keep[*]}" >&2
    echo "install them with: sudo apt-get install --no-install-recommends ${keep[*]}" >&2
    exit 3
  fi
fi

python=
for candidate in python3 /usr/bin/python3 python3.13 python3.12 python3.11; do
  command -v "$candidate" >/dev/null || continue
  "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
  python=$candidate
  break
done
[ -n "$python" ] || { echo "missing: Python 3.11 or newer with venv" >&2; exit 3; }

stamp=$(sha256sum requirements.lock pyproject.toml | sha256sum | cut -d' ' -f1)
if [ "$(cat .venv/.stamp 2>/dev/null || true)" != "$stamp" ]; then
  echo "preparing .venv from requirements.lock" >&2
  [ -x .venv/bin/python ] || "$python" -m venv .venv
  .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
  .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
  echo "$stamp" > .venv/.stamp
fi
