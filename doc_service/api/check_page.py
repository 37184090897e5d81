"""The page that a copy's QR code opens: plain HTML without scripts or anything from elsewhere (az, en)."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from datetime import date, datetime
from html import escape
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from doc_service.api.context import TheApi
from doc_service.api.language import catalog, preferred
from doc_service.api.v1.checks import CheckRoute, typed_digest
from doc_service.domain.civil_time import BAKU
from doc_service.domain.errors import DomainError
from doc_service.messages.catalog import LANGUAGES
from doc_service.services.copies.house import CHECK_PATH
from doc_service.services.copies.public_check import CheckAnswer, Told

router: APIRouter = APIRouter(prefix="/" + CHECK_PATH.rstrip("/"), route_class=CheckRoute, include_in_schema=False)
_STYLE = (
    "body{font:1rem/1.5 sans-serif;max-width:48rem;margin:0 auto;padding:1rem}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;vertical-align:top;padding:.3rem .5rem;border-bottom:1px solid #ccc;overflow-wrap:anywhere}"
    "th[scope=row]{width:32%;font-weight:normal;color:#444}h1{font-size:1.5rem}h2{font-size:1.15rem}"
    "input{width:100%;box-sizing:border-box;padding:.4rem}button{padding:.4rem 1rem;margin-top:.4rem}"
)
"""Fits a phone: a digest of 64 letters is broken and never wider than the page."""
_ALLOWED = b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_ALLOWED}'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
Asked = Annotated[str, Query(max_length=200)]


@router.get("")
@router.get("/")
def ask(request: Request, code: Asked = "", lang: Asked = "") -> Response:
    """Where somebody types the code that is printed on the copy."""
    if code.strip():
        kept = "".join(c for c in code if c.isascii() and (c.isalnum() or c == "-"))[:100]
        return RedirectResponse(f"/{CHECK_PATH}{kept or '-'}", 303)
    words = _Words(_language(request, lang))
    field = f'<p><label>{words("code")}: <input name="code" size="30" maxlength="40" autocomplete="off"></label> '
    return _page(words, f'<form method="get">{field}<button>{words("go")}</button></p></form>', "/yoxla")


@router.get("/{code}")
def show(code: str, request: Request, api: TheApi, sha256: Asked = "", lang: Asked = "") -> Response:
    """What is known of the copy; with ``sha256`` also whether the holder's file is it."""
    words = _Words(_language(request, lang))
    try:
        answer = api.service.copies.check(code)
        match = api.service.copies.check.compare(code, typed_digest(sha256)) if sha256.strip() else None
    except DomainError as error:
        text = f"<p><strong>{escape(words.text(error.code))}</strong></p>"
        return _page(words, text, f"/{CHECK_PATH}", 404 if error.code == "check.not_found" else 422)
    said = f"<p><strong>{words.of('match', str(match))}</strong></p>" if match else ""
    return _page(words, _found(words, answer) + said + _compare(words), f"/{CHECK_PATH}{answer.code}")


class _Words:
    """Texts of the page in one language, safe to print."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._known = catalog(language)

    def __call__(self, name: str) -> str:
        return self.of("check", name)

    def of(self, kind: str, name: str) -> str:
        return escape(self._known.text(f"label.{kind}.{name}"))

    def text(self, code: str) -> str:
        return self._known.text(code)


def _language(request: Request, asked: str) -> str:
    return asked if asked in LANGUAGES else preferred(request.headers.get("accept-language", ""))


def _page(words: _Words, content: str, path: str, status: int = 200) -> HTMLResponse:
    other = next(language for language in LANGUAGES if language != words.language)
    link = f'<p><a href="{escape(path)}?lang={other}" lang="{other}">{words("other")}</a></p>'
    html = (
        f'<!DOCTYPE html>\n<html lang="{words.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>{words('title')}</title><style>{_STYLE}</style></head><body><main><h1>{words('title')}</h1>{content}"
        f"<p>{words('no_content')}</p>{link}</main></body></html>\n"
    )
    headers = {"content-security-policy": _POLICY, "content-language": words.language}
    return HTMLResponse(html, status, headers=headers)


def _found(words: _Words, answer: CheckAnswer) -> str:
    verdict = words("stands" if answer.stands else "stands_not")
    kinds = (
        ("code", answer.code),
        ("kind", words.of("copy_kind", str(answer.kind))),
        ("form", words.of("copy_form", str(answer.form))),
    )
    rows = "".join(f"<tr><th scope='row'>{words(name)}</th><td>{value}</td></tr>" for name, value in kinds)
    return (
        f"<p><strong>{verdict}</strong></p><table>{rows}</table>"
        f"<h2>{words('copy')}</h2>{_told(words, answer.copy)}"
        f"<h2>{words('original')}</h2>{_told(words, answer.original)}"
        f"<h2>{words('signatories')}</h2>{_signatories(words, answer)}"
    )


def _told(words: _Words, told: Told) -> str:
    rows: list[tuple[str, str]] = [
        ("document", escape(told.title)),
        ("number", escape(told.number)),
        ("day", _day(told.registered_on)),
        ("standing", f"<strong>{words.of('standing', str(told.standing))}</strong>"),
    ]
    if told.sha256:
        rows.append(("digest", f"<code>{escape(told.sha256)}</code>"))
    if told.successors:
        rows.append(("successors", "<br>".join(f"№ {escape(n)}, {_day(day)}" for n, day in told.successors)))
    return "<table>" + "".join(f"<tr><th scope='row'>{words(n)}</th><td>{v}</td></tr>" for n, v in rows) + "</table>"


def _signatories(words: _Words, answer: CheckAnswer) -> str:
    head = "".join(f"<th scope='col'>{words(name)}</th>" for name in ("name", "role", "time"))
    cells: Sequence[tuple[str, str, str]] = [
        (escape(s.name), escape(s.role), _moment(s.signed_at)) for s in answer.signatories
    ]
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in cells)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _compare(words: _Words) -> str:
    field = f'<input type="hidden" name="lang" value="{words.language}"><input name="sha256" size="66" maxlength="130">'
    return f'<form method="get"><p><label>{words("compare")}: {field}</label> <button>{words("go")}</button></p></form>'


def _day(day: date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""


def _moment(at: datetime) -> str:
    return f"{at.astimezone(BAKU):%d.%m.%Y %H:%M:%S}"
