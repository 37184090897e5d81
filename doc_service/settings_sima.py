"""Whether the SİMA settings fit each other."""

from __future__ import annotations

from urllib.parse import urlsplit


def sima_problems(
    *, client_id: int, name: str, key: str, icon_url: str, redirects: tuple[str, ...], production: bool,
    public_url: str, trust: tuple[str, ...],
) -> list[str]:  # fmt: skip
    """Nothing is asked for while ``client_id`` is 0: SİMA is off then."""
    if not client_id:
        return []
    wrong = {
        "DOC_SERVICE_SIMA_CLIENT_NAME is missing, or has other than printable ASCII characters": not (
            name and name.isascii() and name.isprintable()
        ),
        "DOC_SERVICE_SIMA_MASTER_KEY is missing": not key,
        "DOC_SERVICE_SIMA_ICON_URL must be an https:// address of printable ASCII": bool(icon_url)
        and not _is_address(icon_url, production=production),
        "DOC_SERVICE_SIMA_REDIRECTS must be origins such as https://portal.example": not all(
            _is_origin(text, production=production) for text in redirects
        ),
        "DOC_SERVICE_PUBLIC_URL must be an https:// address: phones reach the service there": production
        and not public_url.startswith("https://"),
        "DOC_SERVICE_SIMA_TRUST is missing: the labels of SİMA's anchors in trust.toml": production and not trust,
    }
    return [text for text, broken in wrong.items() if broken]


def _is_address(text: str, *, production: bool) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    plain = text.isascii() and text.isprintable() and " " not in text
    return plain and parts.scheme in (("https",) if production else ("http", "https")) and bool(parts.hostname)


def _is_origin(text: str, *, production: bool) -> bool:
    return _is_address(text, production=production) and text == "{0.scheme}://{0.netloc}".format(urlsplit(text))
