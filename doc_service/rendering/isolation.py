"""Which network isolation this machine grants to a child process."""

from __future__ import annotations

import subprocess

_CANDIDATES = (("unshare", "--net", "--"), ("unshare", "--map-root-user", "--net", "--"))


def network_prefix() -> tuple[str, ...]:
    """Command prefix that runs a program in an empty network namespace; () when neither root's nor a user's
    namespace is allowed, and then the dead proxy and Landlock's TCP rules are what remains."""
    for prefix in _CANDIDATES:
        try:
            probe = subprocess.run([*prefix, "true"], capture_output=True, timeout=10, check=False)
        except (OSError, subprocess.TimeoutExpired):
            continue
        if probe.returncode == 0:
            return prefix
    return ()
