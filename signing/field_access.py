"""Finding the signature field to fill, and whether earlier signatures still allow it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import FieldMDPSpec

from signing.api import SigningError
from signing.object_streams import StreamTableReader
from signing.revision import DAMAGE, lookup

_CONTAINER = re.compile(rb"<[0-9A-Fa-f]{512,}>")
_PLAIN_NAME = re.compile(rb"\([A-Za-z0-9_-]+\)")
_TOKENS_OF_REFERENCE = 3
_NO_CHANGES = 1
_DEPTH = 32


@dataclass(frozen=True, slots=True)
class FieldEntry:
    """A signature field. ``value`` is the reference to its signature, None when empty."""

    name: str
    reference: generic.IndirectObject
    dictionary: generic.DictionaryObject
    value: generic.PdfObject | None


Skip = Callable[[generic.IndirectObject], bool]


def signature_fields(reader: PdfFileReader, passed_over: Skip = lambda reference: False) -> Iterator[FieldEntry]:
    """All signature fields, without reading the signatures in them. ``passed_over``: of the form's own fields those
    that need not be read. Raises ``signing.unreadable_pdf``."""
    try:
        form = lookup(reader.root, "/AcroForm")
        fields = None if form is None else lookup(form, "/Fields")
        if fields is not None:
            yield from _walk(fields, "", None, 0, passed_over)
    except DAMAGE as error:
        raise SigningError("signing.unreadable_pdf") from error


def _walk(
    fields: generic.ArrayObject, parent: str, kind: object, depth: int, passed_over: Skip
) -> Iterator[FieldEntry]:
    if depth > _DEPTH:
        raise ValueError("form tree too deep")
    for index in range(len(fields)):
        reference = fields.raw_get(index)
        if depth == 0 and passed_over(reference):
            continue
        field = reference.get_object()
        if "/T" not in field:
            continue
        name = f"{parent}.{field['/T']}" if parent else str(field["/T"])
        own_kind = lookup(field, "/FT") or kind
        if own_kind == "/Sig":
            value = field.raw_get("/V") if "/V" in field else None
            yield FieldEntry(name, reference, field, value)
        kids = lookup(field, "/Kids")
        if kids is not None:
            yield from _walk(kids, name, own_kind, depth + 1, passed_over)


def signable_field(reader: PdfFileReader, name: str) -> FieldEntry:
    """The empty field ``name``.

    Raises ``signing.no_such_field``, ``signing.field_already_signed``, ``signing.document_locked``."""
    fields = list(signature_fields(reader, lambda reference: _of_no_concern(reader, reference, name)))
    found = next((field for field in fields if field.name == name), None)
    if found is None:
        raise SigningError("signing.no_such_field", field=name)
    if found.value is not None:
        raise SigningError("signing.field_already_signed", field=name)
    refuse_if_locked(reader, fields, name)
    return found


def _of_no_concern(reader: PdfFileReader, reference: generic.IndirectObject, name: str) -> bool:
    """Whether this is plainly another field, which is empty or holds a signature that locks nothing."""
    field = reader.plain(reference.reference) if isinstance(reader, StreamTableReader) else None
    if field is None or {b"/Kids", b"/Parent", b"/Lock"} & field.keys():
        return False
    own, value = field.get(b"/T", ()), field.get(b"/V")
    if len(own) != 1 or not _PLAIN_NAME.fullmatch(own[0]) or own[0][1:-1] == name.encode():
        return False
    return value is None or _locks_nothing(reader, value)


def _locks_nothing(reader: PdfFileReader, value: tuple[bytes, ...]) -> bool:
    if len(value) != _TOKENS_OF_REFERENCE or value[2] != b"R" or not isinstance(reader, StreamTableReader):
        return False
    signature = reader.plain(generic.Reference(int(value[0]), int(value[1]), reader))
    return signature is not None and b"/Reference" not in signature


def refuse_if_locked(reader: PdfFileReader, fields: list[FieldEntry], name: str) -> None:
    """Raises ``signing.document_locked`` when a signature already there allows no change (DocMDP or /Lock with /P 1,
    ISO 32000-2, 12.8.2.2) or locks the field ``name`` (FieldMDP). pyHanko itself does not refuse the latter two."""
    try:
        locked = _certified_without_changes(reader) or any(
            _locks(rule, name) for field in fields if field.value is not None for rule in _rules(reader, field)
        )
    except DAMAGE as error:
        raise SigningError("signing.unreadable_pdf") from error
    if locked:
        raise SigningError("signing.document_locked", field=name)


def _certified_without_changes(reader: PdfFileReader) -> bool:
    permissions = lookup(reader.root, "/Perms")
    if permissions is None or "/DocMDP" not in permissions:
        return False
    return any(_locks(rule, "") for rule in _references(permissions["/DocMDP"]))


def _rules(reader: PdfFileReader, field: FieldEntry) -> Iterator[generic.DictionaryObject]:
    if "/Lock" in field.dictionary:
        yield field.dictionary["/Lock"]
    if field.value is not None:
        yield from _references(signature_dictionary(reader, field.value))


def signature_dictionary(reader: PdfFileReader, value: generic.PdfObject) -> generic.DictionaryObject:
    """The signature dictionary with an empty container: pyHanko spends 15 ms on each one's hexadecimal digits."""
    reference: Any = value
    position = reader.xrefs[reference.reference] if isinstance(value, generic.IndirectObject) else None
    if not isinstance(position, int) or not isinstance(reader.stream, io.BytesIO):
        resolved: generic.DictionaryObject = reference.get_object()
        return resolved
    file = reader.stream.getvalue()
    _, start, body = _CONTAINER.sub(b"<>", file[position : file.find(b"endobj", position)]).partition(b"<<")
    read: Any = generic.DictionaryObject.read_from_stream
    dictionary: generic.DictionaryObject = read(io.BytesIO(start + body), reference.reference)
    return dictionary


def _references(signature: generic.DictionaryObject) -> Iterator[generic.DictionaryObject]:
    for reference in lookup(signature, "/Reference") or ():
        parameters = lookup(reference, "/TransformParams")
        if reference["/TransformMethod"] in ("/DocMDP", "/FieldMDP") and parameters is not None:
            yield parameters


def _locks(rule: generic.DictionaryObject, name: str) -> bool:
    if lookup(rule, "/P") == _NO_CHANGES:
        return True
    return "/Action" in rule and bool(name) and FieldMDPSpec.from_pdf_object(rule).is_locked(name)
