"""Packages of files as one ZIP, made in a place of their own and gone when they have been sent."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from fastapi import Response
from fastapi.responses import StreamingResponse

from doc_service.api.ranges import PIECE, disposition


def zipped(name: str, write: Callable[[Path], None]) -> Response:
    """What ``write`` puts into the directory that it is given (which does not exist yet), as ``name``.zip. The ZIP is
    whole before the first byte of the answer, and has no name on the disk: a broken connection leaves nothing."""
    file = tempfile.TemporaryFile()  # noqa: SIM115
    try:
        with tempfile.TemporaryDirectory(prefix="doc-service-package-") as place:
            directory = Path(place) / "package"
            write(directory)
            _pack(directory, file)
        size = file.tell()
        file.seek(0)
    except BaseException:
        file.close()
        raise
    headers = {
        "content-length": str(size),
        "content-disposition": disposition(f"{name}.zip"),
        "cache-control": "private, no-store",
    }
    return StreamingResponse(_pieces(file), headers=headers, media_type="application/zip")


def _pack(directory: Path, file: BinaryIO) -> None:
    """PDF and hashes do not shrink, the journal's text does."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path in sorted(directory.rglob("*")):
            if path.is_file():
                with (
                    path.open("rb") as source,
                    archive.open(str(path.relative_to(directory)), "w", force_zip64=True) as to,
                ):
                    shutil.copyfileobj(source, to, PIECE)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece
