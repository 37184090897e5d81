"""Sample of the reference materials on the cluster's portal."""

from __future__ import annotations

from typing import Any, Final

from doc_service.instruments.samples.cluster import cluster, specialised
from doc_service.instruments.samples.cluster_application import MINISTRY_DATIVE
from doc_service.instruments.samples.cluster_screens import screen

PORTAL: Final = "https://klaster.example"
_PAGES: Final = (
    ("founders", "/haqqimizda/tesisciler", "Təsisçilərin siyahısı və əlaqə məlumatları"),
    ("reports", "/hesabatlar/illik", "Fəaliyyət dövrünə uyğun hesabatların siyahısı"),
    ("audits", "/hesabatlar/audit", "Audit hesabatlarının siyahısı"),
    ("events", "/tedbirler", "Görüşlərin və tədbirlərin cədvəli"),
    ("agreements", "/senedler/istirak-sazisleri", "İştirak haqqında sazişlərin təsdiq edilmiş surətləri"),
    ("services", "/xidmetler", "Xidmətlərin təsviri və fəaliyyətin nəticələri"),
    ("functions", "/istirakcilar/funksiyalar", "İştirakçıların yerinə yetirdiyi funksiyalar"),
    ("other", "/melumatlar", "Klaster haqqında ümumi məlumatlar"),
)


def portal_sample() -> dict[str, Any]:
    """The data of ``portal-istinad-materiallari``."""
    return {
        "cluster": cluster(),
        "organisation": specialised(),
        "addressee": MINISTRY_DATIVE,
        "portal": PORTAL,
        "prepared_on": "2026-12-22",
        "sections": [
            {
                "section": section,
                "url": f"{PORTAL}{path}",
                "captured_on": "2026-12-21",
                "image": {"content": screen(place), "description": f"Portalın ekran görüntüsü: {description}"},
            }
            for place, (section, path, description) in enumerate(_PAGES, 1)
        ],
    }
