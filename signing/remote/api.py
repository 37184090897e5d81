"""Contract of the ways to sign: every key that is not in this process, behind one set of steps. No vendor types.

A *hash signer* is given digests and gives raw signatures (agent, Web eID, CSC, ASAN İmza, server-held PKCS#11). A
*document signer* is given whole files and gives them back with one signature more (SİMA). Both are driven alike: each
call returns a ``Step``; ``session`` in it is the adapter's own state as plain bytes (never pickled), which the caller
keeps sealed and hands back with the next call, so that a lost answer or a restart asks nobody twice. An adapter holds
no state between calls and may be used by several threads and machines.

Errors are ``SigningError``. With ``retryable`` nothing was lost: the same call with the same session may be made again.
Codes that mean the same for every way: "signing.remote_declined" (the person said no), "signing.remote_expired" (the
device or the authorisation timed out), "signing.remote_unavailable" (retryable), "signing.remote_refused" (with
``why``), "signing.remote_bad_answer" (with ``why``), "signing.remote_wrong_answer" (an answer to another question),
"signing.remote_outcome_unknown" (signatures may have been made, and asking again could make others).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from signing.api import SigningError


class Means(StrEnum):
    """Names of the ways to sign; they stand in records and in the interface and are never renamed."""

    AGENT = "agent"
    PKCS11 = "pkcs11"
    CSC = "csc"
    SIMA = "sima"
    WEB_EID = "web_eid"
    ASAN = "asan"


class Binding(StrEnum):
    """What one authorisation by the person covers.

    ``HASHES``: exactly the hashes (or the file) that it was asked for, as with SCAL2: the documents must not change
    meanwhile, so their leases are held from prepare to signature. ``SESSION``: up to ``Terms.batch`` signatures until
    it ends, whatever the hashes: a document that changed is prepared and signed again without asking.
    """

    HASHES = "hashes"
    SESSION = "session"


@dataclass(frozen=True, slots=True)
class Terms:
    """What the device allows. ``batch``: signatures with one authorisation, at least 1. ``hold``: how long the person
    may take from being asked to the signature; then the device has timed out."""

    binding: Binding
    batch: int
    hold: timedelta


@dataclass(frozen=True, slots=True)
class ToSign:
    """One signature wanted. ``reference`` names it within the operation, ``label`` is what a device may show.
    ``data`` are the bytes to be signed (DER signed attributes), ``digest`` their hash by ``digest_algorithm``
    ("sha256"), ``algorithm`` how to sign, e.g. "sha256_ecdsa"."""

    reference: str
    label: str
    data: bytes
    digest: bytes
    digest_algorithm: str
    algorithm: str


@dataclass(frozen=True, slots=True)
class FileToSign:
    """One file for a document signer; ``sha256`` lower-case hexadecimal, ``size`` bytes. The bytes are had by
    ``reference`` when the device fetches them."""

    reference: str
    name: str
    sha256: str
    size: int


class PromptKind(StrEnum):
    """What the person or the page has to do next."""

    WAIT = "wait"
    REDIRECT = "redirect"
    ENTER = "enter"
    COMPARE = "compare"
    OPEN = "open"
    SIGN = "sign"


@dataclass(frozen=True, slots=True)
class PromptField:
    """A value asked for. ``name`` is the key in ``Entered.values``; ``secret`` is not shown while typed, never logged
    and never kept; ``numeric``: digits only."""

    name: str
    label: str
    secret: bool = True
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is shown. It holds no secret and may be shown again after a lost answer.

    REDIRECT: the browser goes to ``url`` and comes back (``Returned``). ENTER: ``fields`` are filled (``Entered``).
    COMPARE: the phone shows ``code`` too; then polls. OPEN: ``url`` as a link on the phone and as a QR code
    (``Called`` by the device). SIGN: the page or the agent signs ``tasks`` (``ClientSigned``). WAIT: polls only.
    """

    kind: PromptKind
    url: str = ""
    code: str = ""
    fields: tuple[PromptField, ...] = ()
    tasks: tuple[ToSign, ...] = ()
    poll_after: timedelta = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Ask:
    """The person is asked; nothing goes on until an answer comes or a poll finds one. ``until``: the device's time-out.
    ``correlation``: how a later call from outside names this operation (OAuth ``state``, SİMA's OperationId), hard to
    guess; "" when answers come from the person's own page only. ``authorises``: this prompt asks for the authorisation
    to sign (and not, say, for the log-in that finds the certificate)."""

    session: bytes
    prompt: Prompt
    until: datetime
    correlation: str = ""
    authorises: bool = True


@dataclass(frozen=True, slots=True)
class Identified:
    """The certificate (DER) and chain that will sign, and what the device allows; now the documents are prepared."""

    session: bytes
    certificate: bytes
    chain: tuple[bytes, ...]
    terms: Terms


@dataclass(frozen=True, slots=True)
class Authorised:
    """The person has agreed on the device; ``sign`` needs them no more, until ``until``."""

    session: bytes
    until: datetime


@dataclass(frozen=True, slots=True)
class Signed:
    """Raw signatures by ``ToSign.reference`` (ECDSA in DER), each verified against the certificate."""

    session: bytes
    signatures: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class SignedFile:
    """A signed PDF by ``FileToSign.reference``; not yet judged (``SignedFileChecker``)."""

    session: bytes
    reference: str
    pdf: bytes


Step = Ask | Identified | Authorised | Signed | SignedFile


@dataclass(frozen=True, slots=True)
class Returned:
    """The browser came back from a redirect with these query parameters."""

    params: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Entered:
    """What the person typed into the prompt's fields."""

    values: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ClientSigned:
    """Raw signatures by reference that the page or the agent gave (ECDSA in DER or r‖s)."""

    signatures: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Called:
    """A call by the device itself. ``target``: path and query exactly as received; header names in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


Answer = Returned | Entered | ClientSigned | Called


@dataclass(frozen=True, slots=True)
class Start:
    """Who is to sign and how. ``operation_id`` is unique: adapters may use it towards the provider, so that a repeated
    call is known there. ``fin`` of the person asked; ``voen`` instead for a seal. ``parameters``: what the person chose
    or entered at the start (phone, user id, credential id); ``certificate``/``chain``: DER, when the page has them
    already (Web eID, agent). ``return_url``: where a redirect comes back to. ``count``: how many documents."""

    operation_id: str
    fin: str
    count: int
    language: str = "az"
    return_url: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    certificate: bytes = b""
    chain: tuple[bytes, ...] = ()
    voen: str = ""


class HashSigner(Protocol):
    """A way that signs hashes. The caller's order: ``begin`` (… ``resume``) until ``Identified``; then, with
    ``Binding.HASHES``, the documents are prepared and ``authorise`` is given their tasks; with ``SESSION`` it is given
    their number, and tasks only at ``sign``, as often as needed. Any step may be ``Ask``."""

    @property
    def means(self) -> Means: ...

    def begin(self, start: Start) -> Step:
        """``Ask`` or ``Identified``. Nobody has authorised anything yet."""
        ...

    def authorise(self, session: bytes, count: int, tasks: Sequence[ToSign]) -> Step:
        """Asks for the authorisation of ``count`` signatures; ``tasks`` is empty with ``Binding.SESSION``. ``Ask``,
        ``Authorised``, or ``Signed`` when the device does both at once."""
        ...

    def sign(self, session: bytes, tasks: Sequence[ToSign], *, again: bool) -> Step:
        """``Signed``, or ``Ask`` (a page that signs, a service that answers later). ``again``: an earlier attempt with
        this session was made and its outcome is not known; where repeating could make other signatures or spend an
        authorisation, "signing.remote_outcome_unknown"."""
        ...

    def resume(self, session: bytes, answer: Answer | None) -> Step:
        """Goes on after ``Ask`` with its answer, or (None) looks whether the device has answered; ``Ask`` again when it
        has not. "signing.remote_wrong_answer" for an answer to something that was not asked."""
        ...

    def cancel(self, session: bytes) -> None:
        """Gives authorisations back where the way can; never raises for a service out of reach."""
        ...


class DocumentSigner(Protocol):
    """A way that signs whole files; it binds to the file (``Binding.HASHES``), so the lease is held meanwhile."""

    @property
    def means(self) -> Means: ...

    @property
    def terms(self) -> Terms: ...

    def offer(self, start: Start, files: Sequence[FileToSign]) -> Ask:
        """Asks the device to fetch and sign ``files``."""
        ...

    def fetch(self, session: bytes, call: Called) -> str:
        """The reference of the file that the device asks for, once the call has been proven genuine."""
        ...

    def resume(self, session: bytes, answer: Answer | None) -> Ask | SignedFile:
        """``SignedFile`` for a genuine call that brings one; ``Ask`` for a poll in between."""
        ...

    def cancel(self, session: bytes) -> None: ...


Signer = HashSigner | DocumentSigner


@dataclass(frozen=True, slots=True)
class NewSignature:
    """The one signature that a device added: its field, certificate (DER), and what was reached."""

    field: str
    certificate: bytes
    level: str


class SignedFileChecker(Protocol):
    def check(self, base: bytes, signed: bytes, *, field: str, expected_fin: str, at: datetime) -> NewSignature:
        """Judges what a document signer gave: it must start with exactly ``base``, hold exactly one new signature, of
        the person and in ``field``, change nothing else, and rest on a trusted chain that was not revoked. Raises
        "signing.remote_other_file", "signing.remote_signature_count", "signing.remote_file_changed",
        "signing.bad_signature", and what ``CertificateChecker.check`` does."""
        ...


class NoFiles:
    """``SignedFileChecker`` where no way signs whole files: takes none."""

    def check(self, base: bytes, signed: bytes, *, field: str, expected_fin: str, at: datetime) -> NewSignature:
        raise SigningError("signing.remote_other_file")
