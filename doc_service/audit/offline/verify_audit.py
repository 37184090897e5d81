#!/usr/bin/env python3
"""Verifies an exported audit log without the service, its database or a network.

    python3 verify_audit.py EXPORT [--checkpoint FILE]... [--public-key PEM] [--tsa-ca PEM] [--allow-unstamped]
                            [--lang az|en] [--json]
    python3 verify_audit.py --proof PROOF.json [--public-key PEM] ...

EXPORT is a directory or zip file: a whole log (events.jsonl), or the proof for one document (proof.json) as an
evidence package has it. ``--checkpoint`` takes checkpoints that you kept yourself: only these show that an export was
cut back together with its newest checkpoints. Without ``--public-key`` the key inside the export is used, without
``--tsa-ca`` its certificates: compare the fingerprints, which the report prints, with those you were given on another
way.

Checkpoints are time-stamped in their order. So a checkpoint without a time stamp before one that has it was robbed of
it: always a fault. At the end of the log one can be missing honestly, while the time stamp authority is out of reach:
a fault as well, unless ``--allow-unstamped`` says that you know about it.

Exit code 0: everything holds; 1: something was changed, the report says what; 2: the export cannot be read.
Python 3.9 or newer, standard library only; the signatures inside time stamps are checked by the ``openssl`` program
where it is installed and by nothing else.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

CHECKPOINT_FORMAT = "doc-service/audit-checkpoint/1"
_UTC = timezone.utc  # noqa: UP017 (Python 3.9)
PROOF_FORMAT = "doc-service/audit-proof/1"
SHOWN = 20

TEXTS: dict[str, tuple[str, str]] = {
    "audit.event_edited": (
        "Event {seq} was changed after it was recorded.",
        "{seq} nömrəli hadisə qeydə alındıqdan sonra dəyişdirilib.",
    ),
    "audit.event_deleted": ("Event {seq} was deleted.", "{seq} nömrəli hadisə silinib."),
    "audit.event_inserted": (
        "Event {seq} was not in the log when the checkpoint was signed.",
        "{seq} nömrəli hadisə nəzarət nöqtəsi imzalananda jurnalda olmayıb.",
    ),
    "audit.events_reordered": (
        "Events were put into another order, from event {seq} on.",
        "{seq} nömrəli hadisədən başlayaraq hadisələrin ardıcıllığı dəyişdirilib.",
    ),
    "audit.event_form": (
        "Event {seq} is not in canonical form (RFC 8785).",
        "{seq} nömrəli hadisə kanonik formada deyil (RFC 8785).",
    ),
    "audit.event_repeated": (
        "Event {seq} repeats the identifier {id} of an earlier event.",
        "{seq} nömrəli hadisə əvvəlki hadisənin {id} identifikatorunu təkrarlayır.",
    ),
    "audit.log_truncated": (
        "The log was cut: {size} events are there, the checkpoint covers {expected}.",
        "Jurnal kəsilib: {size} hadisə var, nəzarət nöqtəsi isə {expected} hadisəni əhatə edir.",
    ),
    "audit.log_uncovered": (
        "{count} events lie beyond the last checkpoint; nothing proves them.",
        "{count} hadisə son nəzarət nöqtəsindən sonradır; onları heç nə təsdiqləmir.",
    ),
    "audit.root_mismatch": (
        "The first {size} events are not those that the checkpoint of {at} was signed over; the change lies between "
        "event {first} and event {last}.",
        "İlk {size} hadisə {at} tarixli nəzarət nöqtəsinin imzalandığı hadisələr deyil; dəyişiklik {first} və {last} "
        "nömrəli hadisələr arasındadır.",
    ),
    "audit.leaf_list_wrong": (
        "The list of leaf hashes (leaves.txt) is not the list of these events.",
        "Heş siyahısı (leaves.txt) bu hadisələrin siyahısı deyil.",
    ),
    "audit.checkpoint_unreadable": (
        "The checkpoint {name} cannot be read or is not in canonical form.",
        "{name} nəzarət nöqtəsi oxunmur və ya kanonik formada deyil.",
    ),
    "audit.checkpoint_signature": (
        "The signature of the checkpoint over {size} events is not valid.",
        "{size} hadisəni əhatə edən nəzarət nöqtəsinin imzası etibarsızdır.",
    ),
    "audit.checkpoint_unknown_key": (
        "The checkpoint over {size} events is signed with a key that is not trusted: {key}.",
        "{size} hadisəni əhatə edən nəzarət nöqtəsi etibar edilməyən açarla imzalanıb: {key}.",
    ),
    "audit.checkpoint_link": (
        "The checkpoint over {size} events does not follow the one before it: a checkpoint was removed or replaced.",
        "{size} hadisəni əhatə edən nəzarət nöqtəsi özündən əvvəlkinin davamı deyil: nəzarət nöqtəsi silinib və ya "
        "əvəz edilib.",
    ),
    "audit.checkpoint_other_log": (
        "The checkpoint over {size} events belongs to another log: {log}.",
        "{size} hadisəni əhatə edən nəzarət nöqtəsi başqa jurnala aiddir: {log}.",
    ),
    "audit.checkpoint_missing": (
        "The checkpoint over {size} events that you hold is not in the export.",
        "Sizdə olan {size} hadisəlik nəzarət nöqtəsi ixracda yoxdur.",
    ),
    "audit.no_checkpoint": ("There is no checkpoint.", "Nəzarət nöqtəsi yoxdur."),
    "audit.timestamp_mismatch": (
        "The time stamp beside the checkpoint over {size} events is not a time stamp of it.",
        "{size} hadisəni əhatə edən nəzarət nöqtəsinin yanındakı vaxt göstəricisi ona aid deyil.",
    ),
    "audit.timestamp_invalid": (
        "The time stamp of the checkpoint over {size} events is not valid: {reason}.",
        "{size} hadisəni əhatə edən nəzarət nöqtəsinin vaxt göstəricisi etibarsızdır: {reason}.",
    ),
    "audit.timestamp_pending": (
        "The checkpoint over {size} events has no time stamp.",
        "{size} hadisəni əhatə edən nəzarət nöqtəsinin vaxt göstəricisi yoxdur.",
    ),
    "audit.timestamp_missing": (
        "The time stamp of the checkpoint over {size} events is missing.",
        "{size} hadisəni əhatə edən nəzarət nöqtəsinin vaxt göstəricisi çatışmır.",
    ),
    "audit.timestamp_unchecked": (
        "The signatures inside the time stamps were not checked: the certificates of the time stamp authority are "
        "missing.",
        "Vaxt göstəricilərinin daxilindəki imzalar yoxlanılmadı: vaxt göstəricisi xidmətinin sertifikatları yoxdur.",
    ),
    "audit.timestamp_no_openssl": (
        "The signatures inside the time stamps were not checked: the program openssl is not installed.",
        "Vaxt göstəricilərinin daxilindəki imzalar yoxlanılmadı: openssl proqramı quraşdırılmayıb.",
    ),
    "audit.tsa_from_export": (
        "The certificates of the time stamp authority were taken from the export itself (SHA-256 {digest}); compare "
        "them with your own or give these with --tsa-ca.",
        "Vaxt göstəricisi xidmətinin sertifikatları ixracın özündən götürülüb (SHA-256 {digest}); onları özünüzdəki "
        "sertifikatlarla tutuşdurun və ya öz sertifikatlarınızı --tsa-ca ilə verin.",
    ),
    "audit.key_from_export": (
        "The public key was taken from the export itself; compare its fingerprint with the one you were given: {key}.",
        "Açıq açar ixracın özündən götürülüb; onun barmaq izini sizə verilmiş qiymətlə tutuşdurun: {key}.",
    ),
    "audit.proof_wrong": (
        "Event {seq} is not proven to be in the log of the checkpoint.",
        "{seq} nömrəli hadisənin nəzarət nöqtəsinin jurnalında olması təsdiqlənmir.",
    ),
    "audit.proof_subject": (
        "Event {seq} is not about {subject}.",
        "{seq} nömrəli hadisə {subject} haqqında deyil.",
    ),
    "audit.proof_order": (
        "Event {seq} stands in the proof more than once or out of order.",
        "{seq} nömrəli hadisə sübutda bir dəfədən artıq və ya ardıcıllıqdan kənar göstərilib.",
    ),
    "audit.no_events": (
        "The last checkpoint covers no event about {subject}.",
        "Son nəzarət nöqtəsi {subject} haqqında heç bir hadisəni əhatə etmir.",
    ),
    "audit.file_differs": (
        "The file {name} is not what the proof contains.",
        "{name} faylı sübutun daxilindəki ilə eyni deyil.",
    ),
    "audit.unusable": ("Cannot be read: {reason}.", "Oxunması mümkün deyil: {reason}."),
}


# --- Merkle tree, RFC 6962 §2.1 / RFC 9162 §2.1 ----------------------------------------------------------------------

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """Hash of one entry: SHA-256(0x00 || data)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node: SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def join_roots(roots: Sequence[bytes]) -> bytes:
    """Root over neighbouring subtrees, widest first; ``EMPTY_ROOT`` for none."""
    if not roots:
        return EMPTY_ROOT
    root = roots[-1]
    for left in reversed(roots[:-1]):
        root = node_hash(left, root)
    return root


class CompactRange:
    """A growing tree that keeps the roots of its complete subtrees only: at most 64 hashes for 2**64 leaves."""

    def __init__(self, size: int = 0, roots: Iterable[bytes] = ()) -> None:
        self.size = size
        self.roots = list(roots)
        if len(self.roots) != bin(size).count("1"):
            raise ValueError("a tree has one complete subtree for each one bit of its size")

    def append(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Adds a leaf hash; returns the inner nodes (level, index, hash) that it completed."""
        level, index, root = 0, self.size, leaf
        completed = []
        while index & 1:
            index >>= 1
            level += 1
            root = node_hash(self.roots.pop(), root)
            completed.append((level, index, root))
        self.roots.append(root)
        self.size += 1
        return completed

    def root(self) -> bytes:
        return join_roots(self.roots)


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """RFC 9162 §2.1.3.2: does ``proof`` show that ``leaf`` (a leaf hash) is number ``index`` of ``size``?"""
    if not 0 <= index < size:
        return False
    first, last, result = index, size - 1, leaf
    for other in proof:
        if last == 0:
            return False
        if first & 1 or first == last:
            result = node_hash(other, result)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            result = node_hash(result, other)
        first, last = first >> 1, last >> 1
    return last == 0 and result == root


def verify_consistency(old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """RFC 9162 §2.1.4.2: does ``proof`` show that the newer tree only added to the older one?"""
    if not 0 <= old_size <= new_size:
        return False
    if old_size == new_size:
        return not proof and old_root == new_root
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    return bool(path) and _walk_consistency(old_size, new_size, path) == (old_root, new_root)


def _walk_consistency(old_size: int, new_size: int, path: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """Both roots as the path gives them; None when it has not the right length."""
    first, last = old_size - 1, new_size - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    old = new = path[0]
    for other in path[1:]:
        if last == 0:
            return None
        if first & 1 or first == last:
            old, new = node_hash(other, old), node_hash(other, new)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            new = node_hash(new, other)
        first, last = first >> 1, last >> 1
    return (old, new) if last == 0 else None


# --- Canonical JSON, RFC 8785 ----------------------------------------------------------------------------------------


class _SlowWayError(Exception):
    """A number that is no short integer: needs the slow way."""


def _found_float(text: str) -> Any:
    raise _SlowWayError


def _short_integer(text: str) -> int:
    if len(text) > 15:
        raise _SlowWayError
    return int(text)


_FAST_DECODER = json.JSONDecoder(parse_float=_found_float, parse_int=_short_integer, parse_constant=_found_float)
_FAST_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_SORTS_OTHERWISE = re.compile(rb"[\xee-\xf4]")


def canonical(value: Any) -> str:
    """RFC 8785 text of a JSON value; ``ValueError`` for what it cannot hold."""
    if isinstance(value, dict):
        members = sorted(value.items(), key=lambda item: item[0].encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{canonical(name)}:{canonical(member)}" for name, member in members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**53:
        return _number(_double(value))
    return _FAST_ENCODER.encode(value)


def _double(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        raise ValueError("number out of range") from None


def _slow(text: str) -> tuple[str, Any]:
    value = json.loads(text)
    return canonical(value), value


def _number(value: float) -> str:
    """ECMAScript's Number::toString over the shortest digits that ``repr`` gives."""
    if value in (float("inf"), float("-inf")) or value != value:
        raise ValueError("not a number of JSON")
    if value == 0:
        return "0"
    mantissa, _, power = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" else fraction
    point = len(whole) + int(power or 0)
    digits = (whole + fraction).lstrip("0")
    point -= len(whole + fraction) - len(digits)
    digits = digits.rstrip("0")
    sign = "-" if value < 0 else ""
    if len(digits) <= point <= 21:
        return sign + digits.ljust(point, "0")
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    tail = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{tail}e{'+' if point > 0 else '-'}{abs(point - 1)}"


def parse_canonical(data: bytes) -> Any:
    """The JSON value; ``ValueError`` when ``data`` are not its canonical bytes (other spacing or order, a member
    given twice, another way of writing a number)."""
    text = data.decode("utf-8")
    if _SORTS_OTHERWISE.search(data):
        again, value = _slow(text)
    else:
        try:
            value = _FAST_DECODER.decode(text)
            again = _FAST_ENCODER.encode(value)
        except _SlowWayError:
            again, value = _slow(text)
    if again != text:
        raise ValueError("not canonical")
    return value


# --- Ed25519, RFC 8032 §5.1.7 and §6: verification needs no secret, so plain arithmetic is enough -----------------

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)
_SPKI = bytes.fromhex("302a300506032b6570032100")
_Point = tuple[int, int, int, int]


def _decode_point(data: bytes) -> _Point | None:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    x = _P - x if x & 1 != sign else x
    return x, y, 1, x * y % _P


def _add(p: _Point, q: _Point) -> _Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % _P, (p[1] + p[0]) * (q[1] + q[0]) % _P
    c, d = 2 * p[3] * q[3] * _D % _P, 2 * p[2] * q[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(scalar: int, p: _Point) -> _Point:
    q: _Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            q = _add(q, p)
        p, scalar = _add(p, p), scalar >> 1
    return q


_BASE = _decode_point((4 * pow(5, _P - 2, _P) % _P).to_bytes(32, "little"))


def verify_ed25519(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """``public_key``: 32 raw bytes; ``signature``: 64."""
    if len(public_key) != 32 or len(signature) != 64 or _BASE is None:
        return False
    key, r = _decode_point(public_key), _decode_point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if key is None or r is None or s >= _L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public_key + message).digest(), "little") % _L
    left, right = _times(s, _BASE), _add(r, _times(h, key))
    return not ((left[0] * right[2] - right[0] * left[2]) % _P or (left[1] * right[2] - right[1] * left[2]) % _P)


def read_public_keys(pem: str) -> list[bytes]:
    """Raw Ed25519 keys of all PUBLIC KEY blocks; ``ValueError`` for other keys or none."""
    blocks = re.findall(r"-----BEGIN PUBLIC KEY-----(.*?)-----END PUBLIC KEY-----", pem, re.DOTALL)
    keys = [base64.b64decode("".join(block.split()), validate=True) for block in blocks]
    if not keys or any(len(key) != 44 or not key.startswith(_SPKI) for key in keys):
        raise ValueError("no Ed25519 public key")
    return [key[len(_SPKI) :] for key in keys]


def write_public_key(public_key: bytes) -> str:
    text = base64.b64encode(_SPKI + public_key).decode()
    return f"-----BEGIN PUBLIC KEY-----\n{text}\n-----END PUBLIC KEY-----\n"


def fingerprint(public_key: bytes) -> str:
    """SHA-256 (hex) of the SubjectPublicKeyInfo, as ``openssl pkey -pubin -outform DER | sha256sum`` gives it."""
    return hashlib.sha256(_SPKI + public_key).hexdigest()


# --- Time stamps, RFC 3161 -------------------------------------------------------------------------------------------


def _der(data: bytes) -> list[tuple[int, bytes]]:
    """The (tag, content) pairs of a run of DER values; ``ValueError`` when it is none."""
    items, position = [], 0
    while position < len(data):
        if position + 2 > len(data):
            raise ValueError("cut DER")
        tag, length = data[position], data[position + 1]
        position += 2
        if length & 0x80:
            count = length & 0x7F
            if not 1 <= count <= 4:
                raise ValueError("length not DER")
            length = int.from_bytes(data[position : position + count], "big")
            position += count
        if position + length > len(data):
            raise ValueError("cut DER")
        items.append((tag, data[position : position + length]))
        position += length
    return items


def as_response(stamp: bytes) -> bytes:
    """A TimeStampResp: a bare token (ContentInfo) is wrapped with status "granted"."""
    inner = _der(_der(stamp)[0][1])
    if inner[0][0] == 0x30:
        return stamp
    content = b"\x30\x03\x02\x01\x00" + stamp
    length = len(content).to_bytes(4, "big").lstrip(b"\x00")
    return b"\x30" + (bytes([0x80 | len(length)]) + length if len(content) > 127 else length) + content


def read_time_stamp(response: bytes) -> tuple[bytes, datetime]:
    """(digest that was stamped, its time) of a TimeStampResp; ``ValueError`` when it is none."""
    try:
        token = _der(_der(response)[0][1])[1][1]
        signed = _der(_der(_der(token)[1][1])[0][1])
        octets = _der(_der(signed[2][1])[1][1])[0][1]
        info = _der(_der(octets)[0][1])
        digest = _der(info[2][1])[1][1]
        moment = info[4][1].decode("ascii").rstrip("Z")
    except (IndexError, UnicodeDecodeError) as error:
        raise ValueError("not a time stamp") from error
    form = "%Y%m%d%H%M%S.%f" if "." in moment else "%Y%m%d%H%M%S"
    return digest, datetime.strptime(moment, form).replace(tzinfo=_UTC)


def openssl_refusal(program: str, response: bytes, digest: str, at: datetime, certificates: str) -> str | None:
    """None when ``openssl ts -verify`` accepts the time stamp under the given PEM certificates; else its reason."""
    with tempfile.TemporaryDirectory() as folder:
        stamp, trust = Path(folder, "stamp.tsr"), Path(folder, "trust.pem")
        stamp.write_bytes(response)
        trust.write_text(certificates)
        moment = str(int(at.timestamp()))
        command = [program, "ts", "-verify", "-digest", digest, "-in", str(stamp), "-CAfile", str(trust)]
        command += ["-untrusted", str(trust), "-attime", moment]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode == 0:
        return None
    reasons = re.findall(r":error:[^:]*:[^:]*:[^:]*:([^:]+):", result.stderr)
    return reasons[0] if reasons else "openssl"


# --- Checkpoints -----------------------------------------------------------------------------------------------------


@dataclass
class Checkpoint:
    """A signed tree head. ``document`` is the file, ``sha256`` its digest (hex), which the time stamp is over."""

    document: bytes
    sha256: str
    body: bytes
    key: bytes
    signature: bytes
    log: str
    size: int
    root: bytes
    at: str
    previous: str | None

    def signed_by_key(self) -> bool:
        return verify_ed25519(self.key, self.body, self.signature)


def read_checkpoint(document: bytes) -> Checkpoint:
    """``ValueError`` when the bytes are no checkpoint in canonical form."""
    try:
        value = parse_canonical(document)
        body = value["body"]
        if set(value) != {"body", "key", "signature"} or body["format"] != CHECKPOINT_FORMAT:
            raise ValueError("another format")
        if set(body) != {"at", "format", "log", "previous", "root", "size"} or type(body["size"]) is not int:
            raise ValueError("another format")
        return Checkpoint(
            document=document,
            sha256=hashlib.sha256(document).hexdigest(),
            body=canonical(body).encode(),
            key=base64.b64decode(value["key"], validate=True),
            signature=base64.b64decode(value["signature"], validate=True),
            log=str(body["log"]),
            size=body["size"],
            root=bytes.fromhex(body["root"]),
            at=str(body["at"]),
            previous=body["previous"],
        )
    except (KeyError, TypeError, binascii.Error, UnicodeDecodeError) as error:
        raise ValueError("not a checkpoint") from error


@dataclass
class Report:
    """What was found. ``faults`` and ``warnings`` are (code, parameters); the log is valid without faults.

    ``subject`` and ``proven``: whom a proof is about and how many of its events hold; None and 0 for a whole log."""

    size: int = 0
    root: bytes = EMPTY_ROOT
    faults: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    warnings: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    checkpoints: list[dict[str, Any]] = field(default_factory=list)
    subject: str | None = None
    proven: int = 0

    def fault(self, code: str, **params: Any) -> None:
        self.faults.append((code, params))

    def warn(self, code: str, **params: Any) -> None:
        if (code, params) not in self.warnings:
            self.warnings.append((code, params))

    def as_json(self, language: str) -> dict[str, Any]:
        return {
            "valid": not self.faults,
            "size": self.size,
            "root": self.root.hex(),
            "faults": [_said(code, params, language) for code, params in self.faults],
            "warnings": [_said(code, params, language) for code, params in self.warnings],
            "checkpoints": self.checkpoints,
            **({} if self.subject is None else {"subject": self.subject, "proven": self.proven}),
        }


def _said(code: str, params: dict[str, Any], language: str) -> dict[str, Any]:
    return {"code": code, "params": params, "text": TEXTS[code][language == "az"].format(**params)}


def check_checkpoints(checkpoints: Sequence[Checkpoint], keys: Iterable[bytes], report: Report) -> None:
    """Signatures, trusted keys, and that each (in order of size) names the one before it. An empty chain is a
    fault: nothing would be proven."""
    trusted = set(keys)
    if not checkpoints:
        report.fault("audit.no_checkpoint")
    previous: Checkpoint | None = None
    for checkpoint in checkpoints:
        if checkpoint.key not in trusted:
            report.fault("audit.checkpoint_unknown_key", size=checkpoint.size, key=fingerprint(checkpoint.key))
        if not checkpoint.signed_by_key():
            report.fault("audit.checkpoint_signature", size=checkpoint.size)
        if checkpoint.previous != (previous.sha256 if previous else None):
            report.fault("audit.checkpoint_link", size=checkpoint.size)
        if checkpoint.log != checkpoints[0].log:
            report.fault("audit.checkpoint_other_log", size=checkpoint.size, log=checkpoint.log)
        previous = checkpoint


def check_time_stamps(
    stamped: Sequence[tuple[Checkpoint, bytes | None]], trust: str | None, report: Report, last_may_wait: bool
) -> None:
    """Checks the time stamps of checkpoints in order of size and lists the checkpoints in the report, "proven_time"
    only where the signature of the time stamp was checked. ``trust``: PEM certificates or None; ``last_may_wait``:
    those at the end may have none yet."""
    last = max((place for place, (_, stamp) in enumerate(stamped) if stamp is not None), default=-1)
    for place, (checkpoint, stamp) in enumerate(stamped):
        stated, checked = None, False
        if stamp is not None:
            stated, checked = _check_time_stamp(checkpoint, stamp, trust, report)
        elif place > last and last_may_wait:
            report.warn("audit.timestamp_pending", size=checkpoint.size)
        else:
            report.fault("audit.timestamp_missing", size=checkpoint.size)
        report.checkpoints.append(
            {
                "size": checkpoint.size,
                "sha256": checkpoint.sha256,
                "stated_time": stated,
                "proven_time": stated if checked else None,
            }
        )


def _check_time_stamp(
    checkpoint: Checkpoint, response: bytes, trust: str | None, report: Report
) -> tuple[str | None, bool]:
    """The time (ISO 8601) of a time stamp over this checkpoint, and whether its signature was checked."""
    try:
        digest, moment = read_time_stamp(response)
    except ValueError:
        digest, moment = b"", datetime.min.replace(tzinfo=_UTC)
    if digest.hex() != checkpoint.sha256:
        report.fault("audit.timestamp_mismatch", size=checkpoint.size)
        return None, False
    program = shutil.which("openssl")
    if trust is None:
        report.warn("audit.timestamp_unchecked")
    elif program is None:
        report.warn("audit.timestamp_no_openssl")
    else:
        reason = openssl_refusal(program, response, checkpoint.sha256, moment, trust)
        if reason is not None:
            report.fault("audit.timestamp_invalid", size=checkpoint.size, reason=reason)
            return None, False
    return moment.isoformat(), trust is not None and program is not None


# --- The log ---------------------------------------------------------------------------------------------------------


class Replay:
    """Recomputes the tree event by event and compares it with every checkpoint on the way."""

    def __init__(self, checkpoints: Iterable[Checkpoint], report: Report) -> None:
        self.leaves: list[bytes] = []
        self._tree = CompactRange()
        self._report = report
        self._ids: set[str] = set()
        self._proven = 0
        self._broken = False
        self._wanted: dict[int, list[Checkpoint]] = {}
        for checkpoint in checkpoints:
            self._wanted.setdefault(checkpoint.size, []).append(checkpoint)
        self._compare()

    def add(self, event: bytes) -> str:
        """Takes the next event; returns its identifier ("" when it has none)."""
        seq, identifier = self._tree.size, ""
        try:
            identifier = str(parse_canonical(event)["id"])
            if identifier in self._ids:
                self._report.fault("audit.event_repeated", seq=seq, id=identifier)
            self._ids.add(identifier)
        except (ValueError, KeyError, TypeError):
            self._report.fault("audit.event_form", seq=seq)
        leaf = leaf_hash(event)
        self.leaves.append(leaf)
        self._tree.append(leaf)
        if self._tree.size in self._wanted:
            self._compare()
        return identifier

    def finish(self, beyond_is_fault: bool) -> None:
        """To be called after the last event: the log must not end before, nor (in an export) go beyond, the
        checkpoints."""
        self._report.size, self._report.root = self._tree.size, self._tree.root()
        last = max(self._wanted, default=0)
        if self._tree.size < last:
            self._report.fault("audit.log_truncated", size=self._tree.size, expected=last)
        elif self._tree.size > last and beyond_is_fault:
            self._report.fault("audit.log_uncovered", count=self._tree.size - last)

    def _compare(self) -> None:
        size = self._tree.size
        for checkpoint in self._wanted.get(size, ()):
            if checkpoint.root == self._tree.root():
                self._proven = size
            elif not self._broken:
                self._broken = True
                place = {"first": self._proven, "last": max(size - 1, 0)}
                self._report.fault("audit.root_mismatch", size=size, at=checkpoint.at, **place)


def compare_leaves(actual: Sequence[bytes], listed: Sequence[bytes], root: bytes | None, report: Report) -> None:
    """Names the events that differ from the list of leaf hashes, if ``root`` (of the last checkpoint) proves it."""
    if list(actual) == list(listed):
        return
    tree = CompactRange()
    for leaf in listed:
        tree.append(leaf)
    if tree.root() != root:
        report.fault("audit.leaf_list_wrong")
        return
    here, there = set(actual), set(listed)
    missing = [seq for seq, leaf in enumerate(listed) if leaf not in here and seq < len(actual)]
    first_place = {leaf: seq for seq, leaf in reversed(list(enumerate(actual)))}
    foreign = [seq for seq, leaf in enumerate(actual) if leaf not in there or first_place[leaf] != seq]
    edited = sorted(set(missing) & set(foreign)) if len(actual) == len(listed) else []
    found = [("audit.event_edited", seq) for seq in edited]
    found += [("audit.event_deleted", seq) for seq in missing if seq not in edited]
    found += [("audit.event_inserted", seq) for seq in foreign if seq not in edited]
    if not found and list(actual) != list(listed[: len(actual)]):
        first = next(seq for seq, leaf in enumerate(actual) if leaf != listed[seq])
        found.append(("audit.events_reordered", first))
    for code, seq in found[:SHOWN]:
        report.fault(code, seq=seq)


# --- The export ------------------------------------------------------------------------------------------------------


class UnusableError(Exception):
    """The export cannot be read at all."""


class Export:
    """A directory, or a zip file with the same content."""

    def __init__(self, path: Path) -> None:
        if path.is_dir():
            self._folder: Path | None = path
            self.names = sorted(p.relative_to(path).as_posix() for p in path.rglob("*") if p.is_file())
        elif zipfile.is_zipfile(path):
            self._folder = None
            self._zip = zipfile.ZipFile(path)
            self.names = sorted(name for name in self._zip.namelist() if not name.endswith("/"))
        else:
            raise UnusableError(f"{path} is neither a directory nor a zip file")

    def read(self, name: str) -> bytes:
        if name not in self.names:
            raise UnusableError(f"{name} is missing")
        return Path(self._folder, name).read_bytes() if self._folder else self._zip.read(name)

    def optional(self, name: str) -> bytes | None:
        return self.read(name) if name in self.names else None

    def lines(self, name: str) -> Iterator[bytes]:
        if name not in self.names:
            raise UnusableError(f"{name} is missing")
        with Path(self._folder, name).open("rb") if self._folder else self._zip.open(name) as file:
            for line in file:
                yield line[:-1] if line.endswith(b"\n") else line


@dataclass
class Trust:
    """What the auditor brings: ``keys`` and ``tsa`` None take the export's; ``held``: checkpoints kept from earlier;
    ``allow_unstamped``: the last checkpoints may wait for their time stamps."""

    keys: list[bytes] | None = None
    tsa: str | None = None
    held: list[Checkpoint] = field(default_factory=list)
    allow_unstamped: bool = False


def verify_folder(path: Path, trust: Trust) -> Report:
    """Checks a whole log or, where there is none, the proof for one document; raises ``UnusableError``."""
    export = Export(path)
    if "proof.json" in export.names and "events.jsonl" not in export.names:
        return _verify_evidence(export, trust)
    return verify_export(path, trust)


def verify_export(path: Path, trust: Trust) -> Report:
    """Checks a whole export; raises ``UnusableError`` when there is nothing that could be checked."""
    export, report = Export(path), Report()
    names = [n for n in export.names if re.fullmatch(r"checkpoints/[^/]+\.json", n)]
    checkpoints: list[Checkpoint] = []
    for name in names:
        try:
            checkpoints.append(read_checkpoint(export.read(name)))
        except ValueError:
            report.fault("audit.checkpoint_unreadable", name=name)
    checkpoints.sort(key=lambda c: c.size)
    keys = _keys(export, trust, report)
    check_checkpoints(checkpoints, keys, report)
    _check_held(trust.held, checkpoints, keys, report)
    replay = Replay([*checkpoints, *trust.held], report)
    for line in export.lines("events.jsonl"):
        replay.add(line)
    replay.finish(beyond_is_fault=True)
    listed = [_unhex(line) for line in export.lines("leaves.txt")]
    compare_leaves(replay.leaves, listed, checkpoints[-1].root if checkpoints else None, report)
    stamped = [(c, export.optional(f"checkpoints/{c.size:012d}.tsr")) for c in checkpoints]
    own = (export.optional("tsa_certificates.pem") or b"").decode("ascii", "replace")
    certificates = _certificates(trust, own, any(stamp for _, stamp in stamped), report)
    check_time_stamps(stamped, certificates, report, trust.allow_unstamped)
    return report


def _keys(export: Export, trust: Trust, report: Report) -> list[bytes]:
    if trust.keys is not None:
        return trust.keys
    try:
        keys = read_public_keys(export.read("public_key.pem").decode("ascii", "replace"))
    except ValueError as error:
        raise UnusableError(f"public_key.pem: {error}") from error
    for key in keys:
        report.warn("audit.key_from_export", key=fingerprint(key))
    return keys


def _certificates(trust: Trust, own: str, needed: bool, report: Report) -> str | None:
    if trust.tsa is None and own and needed:
        report.warn("audit.tsa_from_export", digest=hashlib.sha256(own.encode()).hexdigest())
    return trust.tsa or own or None


def _check_held(held: Iterable[Checkpoint], there: Iterable[Checkpoint], keys: Iterable[bytes], report: Report) -> None:
    known, trusted = {checkpoint.sha256 for checkpoint in there}, set(keys)
    for checkpoint in held:
        if checkpoint.sha256 not in known:
            report.fault("audit.checkpoint_missing", size=checkpoint.size)
        if checkpoint.key not in trusted:
            report.fault("audit.checkpoint_unknown_key", size=checkpoint.size, key=fingerprint(checkpoint.key))
        if not checkpoint.signed_by_key():
            report.fault("audit.checkpoint_signature", size=checkpoint.size)


def _unhex(line: bytes) -> bytes:
    try:
        return bytes.fromhex(line.decode("ascii"))
    except ValueError:
        return b""


@dataclass
class _Proof:
    """The content of a proof: self-contained, one file for one subject."""

    subject: dict[str, str]
    checkpoint: Checkpoint
    stamp: bytes | None
    events: list[tuple[int, bytes, list[bytes]]]
    keys: str
    tsa: str


def _read_proof(document: bytes) -> _Proof:
    try:
        value = json.loads(document)
        if value["format"] != PROOF_FORMAT:
            raise UnusableError("not an audit proof")
        return _Proof(
            subject={"type": str(value["subject"]["type"]), "id": str(value["subject"]["id"])},
            checkpoint=read_checkpoint(value["checkpoint"].encode()),
            stamp=base64.b64decode(value["time_stamp"], validate=True) if value["time_stamp"] else None,
            events=[_read_event(event) for event in value["events"]],
            keys=str(value["public_key"]),
            tsa=str(value["tsa_certificates"] or ""),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnusableError(f"not an audit proof ({type(error).__name__})") from error


def _read_event(value: dict[str, Any]) -> tuple[int, bytes, list[bytes]]:
    return int(value["seq"]), value["event"].encode(), [bytes.fromhex(h) for h in value["proof"]]


def verify_proof(document: bytes, trust: Trust) -> Report:
    """Checks events of one subject against the checkpoint inside the proof; raises ``UnusableError``. That the
    subject has no further events is shown by the whole log alone."""
    proof, report = _read_proof(document), Report()
    checkpoint = proof.checkpoint
    try:
        keys = trust.keys if trust.keys is not None else read_public_keys(proof.keys)
    except ValueError as error:
        raise UnusableError(f"not an audit proof ({error})") from error
    for key in keys if trust.keys is None else ():
        report.warn("audit.key_from_export", key=fingerprint(key))
    report.size, report.root = checkpoint.size, checkpoint.root
    if checkpoint.key not in keys:
        report.fault("audit.checkpoint_unknown_key", size=checkpoint.size, key=fingerprint(checkpoint.key))
    if not checkpoint.signed_by_key():
        report.fault("audit.checkpoint_signature", size=checkpoint.size)
    _check_held_against(proof, trust.held, report)
    _check_events(proof, report)
    certificates = _certificates(trust, proof.tsa, proof.stamp is not None, report)
    check_time_stamps([(checkpoint, proof.stamp)], certificates, report, trust.allow_unstamped)
    return report


def _check_held_against(proof: _Proof, held: Iterable[Checkpoint], report: Report) -> None:
    """A kept checkpoint of the same size is the same; others say nothing about a single proof."""
    for checkpoint in held:
        if checkpoint.size == proof.checkpoint.size and checkpoint.root != proof.checkpoint.root:
            report.fault("audit.checkpoint_missing", size=checkpoint.size)


def _check_events(proof: _Proof, report: Report) -> None:
    report.subject = f"{proof.subject['type']} {proof.subject['id']}"
    if not proof.events:
        report.fault("audit.no_events", subject=report.subject)
    before = -1
    for seq, event, path in proof.events:
        if seq <= before:
            report.fault("audit.proof_order", seq=seq)
        before = max(before, seq)
        if _subject(event) != proof.subject:
            report.fault("audit.proof_subject", seq=seq, subject=report.subject)
        if verify_inclusion(leaf_hash(event), seq, proof.checkpoint.size, path, proof.checkpoint.root):
            report.proven += 1
        else:
            report.fault("audit.proof_wrong", seq=seq)


def _subject(event: bytes) -> Any:
    try:
        return parse_canonical(event)["subject"]
    except (ValueError, KeyError, TypeError):
        return None


def _verify_evidence(export: Export, trust: Trust) -> Report:
    """The proof of an evidence package, and that the files beside it are the same as those inside."""
    document = export.read("proof.json")
    proof, report = _read_proof(document), verify_proof(document, trust)
    inside = {
        "checkpoint.json": proof.checkpoint.document,
        "checkpoint.tsr": proof.stamp,
        "public_key.pem": proof.keys.encode(),
        "tsa_certificates.pem": proof.tsa.encode() or None,
    }
    for name, content in inside.items():
        if export.optional(name) != content:
            report.fault("audit.file_differs", name=name)
    return report


# --- Command line ----------------------------------------------------------------------------------------------------


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Verifies an exported audit log, without database or network.")
    parser.add_argument("export", nargs="?", type=Path, help="directory or zip file: a whole log, or one proof.json")
    parser.add_argument("--proof", type=Path, help="a file with the proof for one document instead of a directory")
    parser.add_argument("--checkpoint", type=Path, action="append", default=[], help="a checkpoint that you kept")
    parser.add_argument("--public-key", type=Path, help="PEM of the log's key(s), from a source that you trust")
    parser.add_argument("--tsa-ca", type=Path, help="PEM certificates of the time stamp authority and its issuers")
    parser.add_argument(
        "--allow-unstamped",
        action="store_true",
        help="the last checkpoints may lack a time stamp, e.g. because the authority was out of reach",
    )
    parser.add_argument("--lang", choices=("az", "en"), default="en")
    parser.add_argument("--json", action="store_true", help="write the report as JSON")
    arguments = parser.parse_args(argv)
    if (arguments.export is None) == (arguments.proof is None):
        parser.error("give an export or --proof")
    return arguments


def _verify(arguments: argparse.Namespace) -> Report:
    try:
        trust = Trust(
            keys=read_public_keys(arguments.public_key.read_text()) if arguments.public_key else None,
            tsa=arguments.tsa_ca.read_text() if arguments.tsa_ca else None,
            held=[read_checkpoint(path.read_bytes()) for path in arguments.checkpoint],
            allow_unstamped=arguments.allow_unstamped,
        )
        if arguments.proof:
            return verify_proof(arguments.proof.read_bytes(), trust)
        return verify_folder(arguments.export, trust)
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise UnusableError(str(error)) from error


def main(argv: Sequence[str] | None = None) -> int:
    arguments = _arguments(argv)
    try:
        report = _verify(arguments).as_json(arguments.lang)
        status = 0 if report["valid"] else 1
    except UnusableError as error:
        said = _said("audit.unusable", {"reason": str(error)}, arguments.lang)
        report, status = {"valid": False, "faults": [said], "warnings": [], "checkpoints": []}, 2
    if arguments.json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        _print(report, arguments.lang == "az")
    return status


def _print(report: dict[str, Any], az: bool) -> None:
    for kind in ("faults", "warnings"):
        for said in report[kind]:
            mark = ("✗" if az else "FAULT:") if kind == "faults" else ("!" if az else "note:")
            print(mark, said["text"])
    print(_conclusion(report, az))
    if report["valid"] and report["checkpoints"]:
        last = report["checkpoints"][-1]
        time = last["proven_time"] or (f"{last['stated_time']} (?)" if last["stated_time"] else "-")
        print(f"Vaxt göstəricisi: {time}" if az else f"Time stamp: {time}")


def _conclusion(report: dict[str, Any], az: bool) -> str:
    if not report["valid"]:
        return "Etibarsızdır." if az else "Not valid."
    size, root = report["size"], report["root"]
    if "subject" in report:
        count, subject = report["proven"], report["subject"]
        if az:
            return f"{subject}: {count} hadisənin {size} hadisəlik jurnalda olması sübut edilir, kök {root}."
        return f"{subject}: {count} events are proven to be in the log of {size} events, root {root}."
    return f"Jurnal bütövdür: {size} hadisə, kök {root}." if az else f"The log is whole: {size} events, root {root}."


if __name__ == "__main__":
    sys.exit(main())
