"""Places every signature field before the first signature.

A visible field that is added after a signature counts as an illegal change, and a widget outside the structure tree
breaks tagging; so all fields, their tags and the font of their appearances are written at once, into the unsigned file.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

from signing.api import FieldBox, FieldPlacer, SigningError
from signing.appearance_font import AppearanceFont

_PRINT = 4
_SIGNATURES_EXIST_APPEND_ONLY = 3


def _open(pdf: bytes) -> Pdf:
    """Strict: a file that only opens after repair is refused."""
    try:
        document = Pdf.open(io.BytesIO(pdf), attempt_recovery=False, suppress_warnings=True)
    except pikepdf.PasswordError:
        raise SigningError("signing.encrypted_pdf") from None
    except pikepdf.PdfError:
        raise SigningError("signing.unreadable_pdf") from None
    if document.is_encrypted:
        raise SigningError("signing.encrypted_pdf")
    if document.get_warnings():
        raise SigningError("signing.unreadable_pdf")
    return document


class PdfFieldPlacer(FieldPlacer):
    """``FieldPlacer`` by one full rewrite with pikepdf; the same input gives the same bytes."""

    def __init__(self, font: AppearanceFont) -> None:
        self._font = font

    def place(self, pdf: bytes, boxes: Sequence[FieldBox]) -> bytes:
        """As ``FieldPlacer.place``; also ``signing.bad_field`` for a box outside its page or a name with a full stop
        (ISO 32000-1, 12.7.3.2), ``signing.field_already_signed`` when the file carries a signature, since a rewrite
        would break it, and ``signing.encrypted_pdf``."""
        with _open(pdf) as document:
            self.mark(document, boxes)
            out = io.BytesIO()
            document.save(
                out,
                deterministic_id=True,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
                compress_streams=True,
                min_version="1.7",
            )
            return out.getvalue()

    def mark(self, document: Pdf, boxes: Sequence[FieldBox]) -> None:
        """The same in a file that is open already and will be written by the caller: a large one is then read and
        written once. Raises as ``place``, but for what opening refuses."""
        self._check(document, boxes)
        form = self._form(document)
        for box in boxes:
            self._add_field(document, form, box)
        self._declare(document)

    def _check(self, document: Pdf, boxes: Sequence[FieldBox]) -> None:
        names = set()
        for name, field in _fields(document):
            if field.get(Name.V) is not None and field.get(Name.FT) == Name.Sig:
                raise SigningError("signing.field_already_signed", field=name)
            names.add(name)
        for box in boxes:
            if not box.name or "." in box.name or not _inside(document, box):
                raise SigningError("signing.bad_field", field=box.name, page=box.page + 1)
            if box.name in names:
                raise SigningError("signing.field_exists", field=box.name)
            names.add(box.name)

    def _form(self, document: Pdf) -> pikepdf.Object:
        root = document.Root
        if Name.AcroForm not in root:
            root.AcroForm = document.make_indirect(Dictionary(Fields=Array([])))
        form = root.AcroForm
        if Name.Fields not in form:
            form.Fields = Array([])
        form.SigFlags = _SIGNATURES_EXIST_APPEND_ONLY
        if Name.NeedAppearances in form:
            del form[Name.NeedAppearances]
        resources = form.get(Name.DR) or Dictionary()
        fonts = resources.get(Name.Font) or Dictionary()
        if self._font.resource_name not in fonts:
            fonts[self._font.resource_name] = self._embed_font(document)
        resources.Font = fonts
        form.DR = resources
        return form

    def _embed_font(self, document: Pdf) -> pikepdf.Object:
        parts = self._font.objects()
        file = _stream(document, parts.file, parts.file_data)
        descriptor = pikepdf.Object.parse(parts.descriptor)
        descriptor.FontFile2 = file
        descendant = pikepdf.Object.parse(parts.descendant)
        descendant.FontDescriptor = document.make_indirect(descriptor)
        font = pikepdf.Object.parse(parts.font)
        font.DescendantFonts = Array([document.make_indirect(descendant)])
        font.ToUnicode = _stream(document, parts.unicode, parts.unicode_data)
        return document.make_indirect(font)

    def _add_field(self, document: Pdf, form: pikepdf.Object, box: FieldBox) -> None:
        page = document.pages[box.page].obj
        appearance = document.make_stream(
            b"", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, _number(box.width), _number(box.height)])
        )
        appearance.Resources = Dictionary()
        corners = (box.x, box.y, box.x + box.width, box.y + box.height)
        widget = document.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Sig,
                T=String(box.name),
                TU=String(box.tooltip),
                Rect=Array([_number(corner) for corner in corners]),
                P=page,
                F=_PRINT,
                AP=Dictionary(N=appearance),
            )
        )
        form.Fields.append(widget)
        if Name.Annots not in page:
            page.Annots = Array([])
        page.Annots.append(widget)
        if Name.StructTreeRoot in document.Root:
            page.Tabs = Name.S
            _tag(document, page, widget)

    def _declare(self, document: Pdf) -> None:
        """The PAdES extension (ETSI EN 319 142-1, 5.6), once, so that no signature has to touch the catalogue."""
        root = document.Root
        extensions = root.get(Name.Extensions) or Dictionary()
        extensions.ESIC = Dictionary(Type=Name.DeveloperExtensions, BaseVersion=Name("/1.7"), ExtensionLevel=1)
        root.Extensions = extensions


def _stream(document: Pdf, dictionary: bytes, data: bytes) -> pikepdf.Object:
    stream = document.make_stream(data)
    for key, value in pikepdf.Object.parse(dictionary).items():
        stream[key] = value
    return stream


def _number(value: float) -> pikepdf.Object:
    return pikepdf.Object.parse(f"{value:.2f}".encode())


def _inside(document: Pdf, box: FieldBox) -> bool:
    if not 0 <= box.page < len(document.pages) or box.width <= 0 or box.height <= 0:
        return False
    x0, y0, x1, y1 = (float(v) for v in document.pages[box.page].mediabox.as_list())
    return x0 <= box.x and y0 <= box.y and box.x + box.width <= x1 and box.y + box.height <= y1


def _fields(document: Pdf) -> Iterable[tuple[str, pikepdf.Object]]:
    """Top-level fields with their names."""
    form = document.Root.get(Name.AcroForm)
    for field in (form.get(Name.Fields) or ()) if form is not None else ():
        yield str(field.get(Name.T, "")), field


def _tag(document: Pdf, page: pikepdf.Object, widget: pikepdf.Object) -> None:
    """A /Form element that points at the widget, and the way back by /StructParent (ISO 32000-1, 14.7.4.4)."""
    tree = document.Root.StructTreeRoot
    parent = _document_element(tree)
    element = document.make_indirect(
        Dictionary(
            Type=Name.StructElem,
            S=Name.Form,
            P=parent,
            Pg=page,
            K=Dictionary(Type=Name.OBJR, Obj=widget, Pg=page),
        )
    )
    children = parent.get(Name.K)
    if not isinstance(children, Array):
        children = Array([] if children is None else [children])
    children.append(element)
    parent.K = children
    if Name.ParentTree not in tree:
        tree.ParentTree = document.make_indirect(Dictionary(Nums=Array([])))
    numbers = pikepdf.NumberTree(tree.ParentTree)
    key = max([int(tree.get(Name.ParentTreeNextKey, 0)), *(int(number) + 1 for number in numbers)])
    numbers[key] = element
    widget.StructParent = key
    tree.ParentTreeNextKey = key + 1


def _document_element(tree: pikepdf.Object) -> pikepdf.Object:
    """The /Document element when the tree has exactly one child, else the tree root itself."""
    children = tree.get(Name.K)
    if isinstance(children, Array) and len(children) == 1:
        children = children[0]
    if isinstance(children, Dictionary) and children.get(Name.S) == Name.Document:
        return children
    return tree
