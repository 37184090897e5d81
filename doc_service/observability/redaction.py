"""Takes personal data and secrets out of texts that go to logs and traces (002 §7.1.11: personal data by law).

The service's own records carry identifiers only; this is the second line, for libraries' records and the texts of
exceptions. It rather hides too much: what is hidden can be looked up by the identifiers beside it.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable

_UPPER, _LOWER = "A-ZÇƏĞİÖŞÜ", "a-zçəğıöşü"
_WORD = rf"[{_UPPER}][{_LOWER}]+(?:-[{_UPPER}][{_LOWER}]+)?"
_SURNAME = rf"[{_UPPER}][{_LOWER}]+(?:yev|yeva|ov|ova|zadə|bəyli|bəyov|ski|skaya)"
_INITIAL = rf"[{_UPPER}]\."
_FIN_CHARACTERS = "0-9A-HJ-NP-Z"

_PEM = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----.*?(?:-----END \1-----|\Z)", re.DOTALL)
_USERINFO = re.compile(r"\b([a-zA-Z][a-zA-Z0-9+.-]*://)[^\s/?#'\"<>]*@")
_SECRET = re.compile(
    r"""(?ix) (["']?\b[\w-]*(?:password|passwd|pwd|secret|token|api[_-]?key|access[_-]?key|pin)["']?\s*[=:]\s*)
        (?: "[^"]*" | '[^']*' | [^\s,;&)}\]]+ )"""
)
_AUTHORIZATION = re.compile(
    r"(?i)\b(authorization\s*[:=]\s*|cookie\s*[:=]\s*|bearer\s+|basic\s+(?=[A-Za-z0-9+/=]{12}))[^\r\n'\"]+"
)
_JWT = re.compile(r"\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*")
_SQL_PARAMETERS = re.compile(r"\[parameters: .*?\](?=\n|$)|(?m:^DETAIL:.*$)", re.DOTALL)
_INPUT_VALUE = re.compile(r"input_value=.*?(?=, input_type=|\]|$)", re.DOTALL | re.MULTILINE)
_DISTINGUISHED = re.compile(
    r"""(?ix) \b(common\ name|surname|given\ name|serial\ number|serialNumber|givenName|commonName|emailAddress
        |email\ address|CN|SN|GN|OID\.2\.5\.4\.5)(\s*[=:]\s*)(?:"[^"]*"|[^,;/\n"'<>]+)"""
)
_FIELD = re.compile(
    r"""(?ix) (["']?\b(?:surname|given|given_name|patronymic|full_name|full|short|fin|fi̇n|email|e-mail|phone|recipient
        |soyad|ad|ata_adı)["']?\s*[=:]\s*)(?:"[^"]*"|'[^']*'|[^\s,;)}\]]+)"""
)
_EMAIL = re.compile(r"[^\s@<>\"'(),:;=]+@[\w-]+(?:\.[\w-]+)+")
_LABELLED_FIN = re.compile(rf"(?i:\bPNOAZ-|\bFİN\b\W*|\bFIN\b\W*)[{_FIN_CHARACTERS}]{{7}}\b")
_FIN = re.compile(rf"(?<![\w-])(?<![0-9]\.)(?=[A-Z]*[0-9])(?=[0-9]*[A-Z])[{_FIN_CHARACTERS}]{{7}}(?![\w-])")
_PASSPORT = re.compile(r"\b(?:AZE|AA)\s?№?\s?[0-9]{7,8}\b")
_PHONE = re.compile(
    r"(?<![\w.])(?:\+994|\b994|\b0)[\s(-]*(?:10|12|50|51|55|60|70|77|99)[\s)-]*[0-9]{3}[\s-]?[0-9]{2}[\s-]?[0-9]{2}\b"
)
_IPV4 = re.compile(r"(?<![\w.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![\w]|\.[0-9]|/[0-9])")
_IPV6 = re.compile(r"(?<![\w:.])(?=[0-9A-Fa-f:]*:[0-9A-Fa-f]*:)[0-9A-Fa-f:]{3,39}(?:%\w+)?(?![\w:]|/[0-9])")
_NAMES = (
    re.compile(rf"\b{_WORD}\s+{_WORD}\s+{_WORD}\s+(?:oğlu|qızı|oglu|qizi)\b"),
    re.compile(rf"\b{_WORD}\s+(?:oğlu|qızı)\b"),
    re.compile(rf"(?:\b{_INITIAL}\s?){{1,2}}{_WORD}\b"),
    re.compile(rf"\b{_WORD}\s+{_INITIAL}(?:\s?{_INITIAL})?"),
    re.compile(rf"\b(?:{_WORD}\s+)?{_SURNAME}\b(?:\s+{_WORD}){{0,2}}"),
    re.compile(rf"\b(?=[^\s]*[çəğıöşüÇƏĞİÖŞÜ]|{_WORD}\s+[^\s]*[çəğıöşüÇƏĞİÖŞÜ]){_WORD}(?:\s+{_WORD})+\b"),
)

_Replace = str | Callable[[re.Match[str]], str]
_LONGEST = 20_000


def _network(found: re.Match[str]) -> str:
    """An address without the part that names a machine: /24 of IPv4, /48 of IPv6. Loopback names nobody."""
    text = found[0].split("%")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return found[0]
    if address.is_loopback or address.is_unspecified:
        return text
    prefix = 24 if address.version == 4 else 48
    return str(ipaddress.ip_network((address, prefix), strict=False))


_RULES: tuple[tuple[re.Pattern[str], _Replace], ...] = (
    (_PEM, "[pem]"),
    (_USERINFO, r"\1[credentials]@"),
    (_AUTHORIZATION, r"\1[secret]"),
    (_JWT, "[secret]"),
    (_SECRET, r"\1[secret]"),
    (_SQL_PARAMETERS, "[parameters]"),
    (_INPUT_VALUE, "input_value=[value]"),
    (_DISTINGUISHED, r"\1\2[personal]"),
    (_FIELD, r"\1[personal]"),
    (_EMAIL, "[email]"),
    (_LABELLED_FIN, "[fin]"),
    (_FIN, "[fin]"),
    (_PASSPORT, "[identity-document]"),
    (_PHONE, "[phone]"),
    (_IPV4, _network),
    (_IPV6, _network),
    *((pattern, "[name]") for pattern in _NAMES),
)


def redact(text: str) -> str:
    """``text`` without PEM blocks, credentials, secrets, SQL parameters, FİN, numbers of identity documents, names of
    persons, e-mail addresses and telephone numbers; IP addresses are cut to their network. At most 20,000 characters
    are kept. Doing it twice changes nothing."""
    text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]} [cut]"
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text
