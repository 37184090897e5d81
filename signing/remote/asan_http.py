"""ASAN İmza over JSON, with addresses, names of fields and words of states as data.

Needs the operator's credentials; shapes to be confirmed with the operator. The defaults are those of a Mobile-ID style
REST service and of the stand-in; they are a guess, not the operator's interface. What the mapping cannot say needs
another ``AsanTransport``.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import quote

from signing.api import SigningError
from signing.remote.api import ToSign
from signing.remote.asan import AsanTransport, Progress, Started, State, Subscriber
from signing.remote.http import RemoteAnswer, RemoteHttpError

_WHY = 40


class Http(Protocol):
    """``signing.remote.http.RemoteHttp``."""

    def post_json(self, url: str, content: Mapping[str, Any], headers: Mapping[str, str]) -> RemoteAnswer: ...
    def get(self, url: str, headers: Mapping[str, str]) -> RemoteAnswer: ...


@dataclass(frozen=True, slots=True)
class AsanMapping:
    """Paths below ``base_url`` ("{transaction}" is put in; ``cancel`` "" : there is none), names of request fields ("":
    not sent) and of answer fields; a dot goes deeper. ``states``: the service's words by ours. ``fixed``: further
    fields of every request. ``algorithms``: the service's names of digests. ``text``: what the telephone shows, by
    language. ``repeatable``: the service knows ``reference`` and gives the same transaction again for it."""

    certificate_path: str = "/certificate"
    start_path: str = "/signature"
    progress_path: str = "/signature/session/{transaction}"
    cancel_path: str = ""
    phone: str = "phoneNumber"
    user_id: str = "userId"
    reference: str = "reference"
    digest: str = "hash"
    algorithm: str = "hashType"
    display: str = "displayText"
    language: str = "language"
    certificate: str = "cert"
    chain: str = "chain"
    transaction: str = "sessionID"
    code: str = "verificationCode"
    state: str = "state"
    result: str = "result"
    signature: str = "signature.value"
    states: Mapping[State, Sequence[str]] = field(
        default_factory=lambda: {
            State.PENDING: ("RUNNING",),
            State.DONE: ("OK",),
            State.DECLINED: ("USER_CANCELLED",),
            State.EXPIRED: ("TIMEOUT",),
            State.WRONG_CODE: ("WRONG_VC",),
        }
    )
    algorithms: Mapping[str, str] = field(
        default_factory=lambda: {"sha256": "SHA256", "sha384": "SHA384", "sha512": "SHA512"}
    )
    text: Mapping[str, str] = field(default_factory=lambda: {"az": "Sənədin imzalanması", "en": "Signing a document"})
    fixed: Mapping[str, str] = field(default_factory=dict)
    repeatable: bool = False


@dataclass(frozen=True, slots=True)
class AsanService:
    """``header``: which carries ``secret`` ("": none; the TLS client certificate says who we are)."""

    base_url: str
    header: str = "Authorization"
    secret: str = field(default="", repr=False)
    mapping: AsanMapping = AsanMapping()


class HttpAsanTransport(AsanTransport):
    """``AsanTransport`` as ``service`` describes it."""

    def __init__(self, service: AsanService, http: Http) -> None:
        self._service = service
        self._map = service.mapping
        self._http = http

    def certificate(self, who: Subscriber, reference: str) -> tuple[bytes, tuple[bytes, ...]]:
        try:
            answer = self._post(self._map.certificate_path, self._who(who, reference))
        except RemoteHttpError as error:
            raise _unavailable() from error
        chain = _at(answer, self._map.chain) or []
        if not isinstance(chain, list):
            raise _bad("chain")
        return _der(_at(answer, self._map.certificate)), tuple(_der(text) for text in chain)

    def start(self, who: Subscriber, reference: str, task: ToSign, language: str) -> Started:
        names, texts = self._map, self._map.text
        algorithm = names.algorithms.get(task.digest_algorithm)
        if algorithm is None:
            raise SigningError("signing.unsupported_algorithm", algorithm=task.digest_algorithm)
        content = {
            **self._who(who, reference),
            names.digest: base64.b64encode(task.digest).decode(),
            names.algorithm: algorithm,
            names.display: texts.get(language) or next(iter(texts.values()), ""),
            names.language: language,
        }
        try:
            answer = self._post(names.start_path, content)
        except RemoteHttpError as error:
            if error.sent and not names.repeatable:
                raise SigningError("signing.remote_outcome_unknown") from error
            raise _unavailable() from error
        transaction = _at(answer, names.transaction)
        if not isinstance(transaction, str) or not transaction:
            raise _bad("transaction")
        return Started(transaction, str(_at(answer, names.code) or ""))

    def progress(self, transaction: str) -> Progress:
        path = self._path(self._map.progress_path, transaction)
        try:
            answer = self._judged(self._http.get(f"{self._service.base_url}{path}", self._headers()))
        except RemoteHttpError as error:
            raise _unavailable() from error
        word = str(_at(answer, self._map.result) or _at(answer, self._map.state) or "")
        state = next((state for state, words in self._map.states.items() if word in words), State.REFUSED)
        code = str(_at(answer, self._map.code) or "")
        if state is not State.DONE:
            return Progress(state, code=code, why=_word(word))
        given = _at(answer, self._map.certificate)
        return Progress(state, _der(_at(answer, self._map.signature)), _der(given) if given else b"", code)

    def cancel(self, transaction: str) -> None:
        if not self._map.cancel_path:
            return
        try:
            self._post(self._path(self._map.cancel_path, transaction), {})
        except (RemoteHttpError, SigningError):
            return

    def _who(self, who: Subscriber, reference: str) -> dict[str, str]:
        return {self._map.phone: who.phone, self._map.user_id: who.user_id, self._map.reference: reference}

    def _post(self, path: str, fields: Mapping[str, str]) -> Mapping[str, Any]:
        content: dict[str, Any] = {}
        for name, value in {**self._map.fixed, **fields}.items():
            if name:
                _put(content, name, value)
        return self._judged(self._http.post_json(f"{self._service.base_url}{path}", content, self._headers()))

    def _headers(self) -> Mapping[str, str]:
        return {self._service.header: self._service.secret} if self._service.secret else {}

    @staticmethod
    def _path(template: str, transaction: str) -> str:
        """A transaction is the service's word: it may lead to no other path."""
        return template.replace("{transaction}", quote(transaction, safe=""))

    @staticmethod
    def _judged(answer: RemoteAnswer) -> Mapping[str, Any]:
        if answer.status in (408, 429) or answer.status >= 500:
            raise _unavailable()
        if answer.status >= 300:
            raise SigningError("signing.remote_refused", why=f"status {answer.status}")
        try:
            content = json.loads(answer.body or b"{}")
        except (ValueError, RecursionError):
            raise _bad("no JSON") from None
        if not isinstance(content, dict):
            raise _bad("no JSON object")
        return content


def _at(content: Any, path: str) -> Any:
    for name in path.split("."):
        content = content.get(name) if isinstance(content, dict) else None
    return content


def _put(content: dict[str, Any], path: str, value: str) -> None:
    *outer, last = path.split(".")
    for name in outer:
        content = content.setdefault(name, {})
    content[last] = value


def _der(text: object) -> bytes:
    if not isinstance(text, str) or not text:
        raise _bad("a field is missing")
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise _bad("no Base64") from None


def _word(text: str) -> str:
    """The service's word for a refusal, when it is one: it is shown to the person and kept."""
    return text if text.replace("_", "").isalnum() and text.isascii() and len(text) <= _WHY else ""


def _bad(why: str) -> SigningError:
    return SigningError("signing.remote_bad_answer", why=why)


def _unavailable() -> SigningError:
    return SigningError("signing.remote_unavailable", retryable=True)
