"""SİMA by the settings: off by default, whole or refused, with anchors of its own; and the QR code."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from doc_service.api.qr import qr_png, qr_svg
from doc_service.bootstrap.sima import open_sima
from doc_service.domain.errors import DomainError
from doc_service.settings import Settings
from doc_service.system import SystemClock
from signing.remote.sima.container import MAX_URL
from signing.trust import TrustAnchor, TrustStore
from tests.pki_fixtures import HOLDER, RunningPki, refused

WHOLE = {"sima_client_id": 1082, "sima_client_name": "KOBIA", "sima_master_key": "acar"}


def settings(tmp_path: Path, **values: object) -> Settings:
    return Settings(data_dir=tmp_path, _env_file=None, **values)  # type: ignore[arg-type,call-arg]


def test_off_unless_set(tmp_path: Path, dev_pki: RunningPki) -> None:
    with ExitStack() as stack:
        assert open_sima(settings(tmp_path), dev_pki.trust, SystemClock(), stack) is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sima_client_name": ""}, "SIMA_CLIENT_NAME"),
        ({"sima_client_name": "KOBİA"}, "SIMA_CLIENT_NAME"),
        ({"sima_master_key": ""}, "SIMA_MASTER_KEY"),
        ({"sima_icon_url": "javascript:x"}, "SIMA_ICON_URL"),
        ({"sima_redirects": ("https://portal.example/yol",)}, "SIMA_REDIRECTS"),
        ({"sima_redirects": ("portal.example",)}, "SIMA_REDIRECTS"),
    ],
)
def test_settings_that_do_not_fit(tmp_path: Path, change: dict[str, object], said: str) -> None:
    assert settings(tmp_path, **WHOLE).sima_client_id == 1082
    with pytest.raises(ValueError, match=said):
        settings(tmp_path, **{**WHOLE, **change})


def test_the_master_key_is_not_printed(tmp_path: Path) -> None:
    assert "acar" not in repr(settings(tmp_path, **{**WHOLE, "sima_master_key": "acar-1234"}))


def test_only_the_named_anchors_vouch_for_phones(tmp_path: Path, dev_pki: RunningPki, foreign_pki: RunningPki) -> None:
    own, other = dev_pki.trust.anchors[0], foreign_pki.trust.anchors[0]
    both = TrustStore(
        [TrustAnchor("SIMA", own.certificate), TrustAnchor("basqa", other.certificate)],
        (*dev_pki.trust.others_der, *foreign_pki.trust.others_der),
    )
    with ExitStack() as stack:
        sima = open_sima(settings(tmp_path, **WHOLE, sima_trust=("SIMA",)), both, SystemClock(), stack)
        assert sima is not None
        requests = sima.files._requests
        assert requests.person(dev_pki.person().certificate, (), datetime.now(UTC)).fin == HOLDER.fin
        with refused("signing.untrusted_certificate"):
            requests.person(foreign_pki.person().certificate, (), datetime.now(UTC))
        with pytest.raises(DomainError, match=r"sima\.unknown_anchor"):
            open_sima(settings(tmp_path, **WHOLE, sima_trust=("yoxdur",)), both, SystemClock(), stack)


def test_the_longest_link_fits_a_qr_code_and_no_longer_one(tmp_path: Path) -> None:
    longest = "https://imza.example/" + "a" * (MAX_URL - 21)
    drawing = ElementTree.fromstring(qr_svg(longest))
    assert drawing.tag.endswith("svg")
    assert not [e.tag for e in drawing.iter() if e.tag.endswith(("script", "style", "foreignObject"))]
    assert qr_png(longest, scale=1).startswith(b"\x89PNG")
    with pytest.raises(ValueError, match="too large"):
        qr_svg(longest + "a")
