#!/usr/bin/env bash
# veraPDF (PDF/A-3b unless --flavour ID comes first): one line a file, exit 0 when all comply. Built from Maven on first use.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=${VERAPDF_HOME:-$here/../../.tools/verapdf}
mkdir -p "$out"
out=$(cd "$out" && pwd)
(
  flock 9
  if [ ! -f "$out/verapdf-runner.jar" ] || [ "$here/pom.xml" -nt "$out/verapdf-runner.jar" ] || [ "$here/src/main/java/VeraPdfRunner.java" -nt "$out/verapdf-runner.jar" ]; then
    mvn -q -B --no-transfer-progress -f "$here/pom.xml" -Doutdir="$out" package >&2
    touch "$out/verapdf-runner.jar"
  fi
) 9>"$out/.lock"
[ $# -gt 0 ] || exit 0
exec java -Xshare:auto -XX:TieredStopAtLevel=1 -cp "$out/verapdf-runner.jar:$out/lib/*" VeraPdfRunner "$@" 2>/dev/null
