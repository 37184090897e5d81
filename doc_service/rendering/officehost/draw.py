"""Becomes ``dot`` after giving up every right it does not need. The distribution's Python runs it: no libraries.

A process of its own sets the limits, since they must not be set between fork and exec of a service with threads.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from typing import Any, NoReturn

from doc_service.rendering.officehost import landlock


def rules(program: str) -> dict[str, int]:
    """What ``dot`` reads: itself, libraries and plug-ins, the fonts and their configuration. It writes nothing."""
    found = dict.fromkeys(("/usr", "/lib", "/lib64", "/bin", "/etc/alternatives"), landlock.READ | landlock.EXECUTE)
    found[program] = landlock.READ_FILE | landlock.EXECUTE
    for path in ("/etc/fonts", "/etc/ld.so.cache", "/etc/locale.alias", "/var/cache/fontconfig", "/proc/self"):
        found[path] = landlock.READ
    found["/dev/null"] = landlock.READ_FILE | landlock.WRITE_FILE
    return found


def main() -> NoReturn:
    """Reads DOT from standard input, writes SVG to standard output."""
    options: dict[str, Any] = json.loads(sys.argv[1])
    for limit, value in (
        (resource.RLIMIT_AS, options["memory"]),
        (resource.RLIMIT_CPU, options["seconds"]),
        (resource.RLIMIT_FSIZE, options["output"]),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))
    if options["confine"] and landlock.abi() > 0:
        landlock.restrict(rules(options["program"]))
    os.execv(options["program"], ["dot", "-Tsvg"])  # noqa: S606
