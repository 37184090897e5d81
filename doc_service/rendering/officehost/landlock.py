"""File access of the office host and its children limited by the kernel's Landlock (Linux 5.13 and later).

A DOCX can make LibreOffice read local files into the text; a rule set that names only the program, its fonts and the
working directory takes that power away without needing root. From ABI 4 on, TCP is denied as well.
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable, Mapping

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446
_PR_SET_NO_NEW_PRIVS = 38
_O_PATH = 0o10000000

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = (1 << n for n in range(4))
REMOVE_FILE, MAKE_SOCK = 1 << 5, 1 << 9
TRUNCATE, IOCTL_DEV = 1 << 14, 1 << 15
READ = READ_FILE | READ_DIR
FILE_ONLY = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV
_ACCESS_OF_ABI = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_TCP = 0b11


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def abi() -> int:
    """The kernel's Landlock ABI; 0 when there is none."""
    version = int(_libc().syscall(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(1)))
    return max(version, 0)


def handled(version: int) -> int:
    """All file rights that ``version`` of the ABI knows."""
    return (1 << _ACCESS_OF_ABI[min(version, 5)]) - 1


def restrict(rules: Mapping[str, int]) -> bool:
    """Denies this process and its future children every file right but those of ``rules`` (path -> rights).

    Paths that do not exist are passed over. False when the kernel has no Landlock; raises ``OSError`` when it has
    but refuses, since a half-set sandbox must not look like one.
    """
    version = abi()
    if version == 0:
        return False
    libc, rights = _libc(), handled(version)
    attribute = struct.pack("=QQ", rights, _TCP if version >= 4 else 0)[: 16 if version >= 4 else 8]
    ruleset = _checked(libc.syscall(_CREATE, attribute, ctypes.c_size_t(len(attribute)), ctypes.c_uint32(0)))
    try:
        for path, allowed in rules.items():
            _add(libc, ruleset, path, allowed & rights)
        _checked(libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        _checked(libc.syscall(_RESTRICT, ctypes.c_int(ruleset), ctypes.c_uint32(0)))
    finally:
        os.close(ruleset)
    return True


def _add(libc: ctypes.CDLL, ruleset: int, path: str, allowed: int) -> None:
    try:
        handle = os.open(path, _O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not os.path.isdir(path):  # noqa: PTH112
            allowed &= FILE_ONLY
        rule = struct.pack("=Qi", allowed, handle)
        _checked(libc.syscall(_ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(1), rule, ctypes.c_uint32(0)))
    finally:
        os.close(handle)


def _checked(result: int) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def office_rules(program: str, work: str, readable: Iterable[str]) -> dict[str, int]:
    """What soffice needs: its program and the libraries to read and run, fonts to read, ``work`` to write, and ``/tmp``
    only to make and remove the sockets that it talks over.

    To be applied in soffice's own process, so that ``/proc/self`` is its own and no other process can be looked into.
    """
    system = ("/usr", "/lib", "/lib64", "/bin", "/etc/fonts", "/etc/libreoffice", "/etc/alternatives")
    rules = dict.fromkeys((*system, program), READ | EXECUTE)
    for path in ("/etc/ld.so.cache", "/etc/localtime", "/etc/nsswitch.conf", "/etc/passwd", "/var/cache/fontconfig"):
        rules[path] = READ
    for path in ("/etc/locale.alias", "/var/lib/libreoffice", "/var/spool/libreoffice"):
        rules[path] = READ
    for path in ("/proc/self", "/proc/meminfo", "/proc/cpuinfo", "/proc/sys", "/sys/devices/system/cpu", *readable):
        rules[path] = READ
    rules.update(dict.fromkeys(("/dev/null", "/dev/urandom", "/dev/random"), READ_FILE | WRITE_FILE))
    rules["/tmp"] = MAKE_SOCK | REMOVE_FILE  # noqa: S108
    rules[work] = (1 << 16) - 1 & ~EXECUTE
    return rules
