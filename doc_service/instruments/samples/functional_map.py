"""The sample of the functional map: the polymer cluster's chain from monomers to pipes."""

from __future__ import annotations

from typing import Any

from doc_service.instruments.samples.cluster import cluster, specialised
from doc_service.instruments.samples.cluster_facts import (
    DELIVERIES,
    FACTS,
    PRODUCERS,
    STAGES,
    delivery,
    questionnaire,
)
from doc_service.instruments.samples.map_note import note_sections

_ORGANS = (
    ("iqtisadiyyat", "state", "Azərbaycan Respublikasının İqtisadiyyat Nazirliyi",
     "sənaye siyasəti, klasterlərin reyestri, stimullaşdırma tədbirləri"),
    ("sumqayit-ih", "state", "Sumqayıt Şəhər İcra Hakimiyyəti", "ərazi planlaşdırması, klasterin yaradılması haqqında "
     "sazişin tərəfi"),
    ("abseron-ih", "state", "Abşeron Rayon İcra Hakimiyyəti", "ərazi planlaşdırması, klasterin yaradılması haqqında "
     "sazişin tərəfi"),
    ("yigincaq", "governing", "Üzvlərin ümumi yığıncağı", "ali idarəetmə orqanı: əsas sənədlərin təsdiqi, tərkib"),
    ("kollegial", "governing", "Klasterin kollegial idarəetmə orqanı", "strateji idarəetmə və nəzarət"),
    ("kl-it", "operating", "“Abşeron Polimer Klasteri” Assosiasiyası",
     "ixtisaslaşdırılmış təşkilat: metodiki, təşkilati, ekspert-analitik və informasiya dəstəyi"),
    ("xarici", "outside", "Xarici kontragentlər", "klasterə daxil olmayan təchizatçılar və istehlakçılar"),
)  # fmt: skip
_RELATIONS = (
    ("iqtisadiyyat", "kl-it", "information", "reyestr, hesabat"),
    ("sumqayit-ih", "yigincaq", "information", "saziş"), ("abseron-ih", "yigincaq", "information", "saziş"),
    ("yigincaq", "kl-it", "management", "qərarlar"), ("kollegial", "kl-it", "management", "strateji nəzarət"),
    ("yigincaq", "kollegial", "management", "tərkib"),
    ("kl-it", "large", "information", ""), ("kl-it", "medium", "information", ""),
    ("kl-it", "small", "information", ""), ("large", "medium", "supply", "qranullar"),
    ("large", "small", "supply", "qranullar"), ("small", "medium", "supply", "kompaund, fitinq"),
    ("technology", "small", "support", "sahə, enerji"), ("research", "medium", "support", "sınaq"),
    ("college", "large", "support", "kadr"), ("finance", "small", "support", "lizinq"),
    ("xarici", "large", "supply", "xammal"), ("medium", "xarici", "supply", "məhsul"),
)  # fmt: skip
_AWKWARD = "“Uzunadlı & Bir <Sözlə> Çox 'Geniş' \\N \\G Səlahiyyətli” \u200fİnkişafı və Beynəlxalq Əməkdaşlıq "
_EFFECTS = (
    (8, ("12.6", "7.4", "0.8", "4.6", "5.9", "0.6", 170, 78)),
    (2, ("33.5", "0.9", "11.4", "10.2", "16.9", "1.9", 230, 84)),
    (6, ("9.4", "1", "2.6", "3.2", "5.1", "1.8", 138, 49)),
    (7, ("14.2", "0.2", "5.9", "4.9", "6.4", "0.5", 101, 40)),
)


def functional_map_sample() -> dict[str, Any]:
    """The data of ``klaster-funksional-xerite``."""
    return {
        "cluster": cluster(),
        "organisation": specialised(),
        "approval": {"held_on": "2026-11-06", "protocol": "3"},
        "year": 2025,
        "organisations": [
            {"id": f.identifier, "name": f.name, "kind": f.kind, "role": f.product, "location": f.town} for f in FACTS
        ],
        "organs": [{"id": i, "level": level, "name": name, "role": role} for i, level, name, role in _ORGANS],
        "relations": [
            {"source": source, "target": target, "kind": kind, "label": label}
            for source, target, kind, label in _RELATIONS
        ],
        "stages": list(STAGES),
        "producers": [
            {
                "organisation_id": f.identifier,
                "stage": f.stage,
                "product": f.product,
                "final": f.final,
                "substitutes_import": f.place in (2, 6),
                "figures": questionnaire(f.figures),
            }
            for f in PRODUCERS
        ],
        "deliveries": [delivery(*d) for d in DELIVERIES],
        "outside": [
            {"organisation_id": "kl-t01", "goods": "etilen və propilen (yerli)", "share": "31.5"},
            {"organisation_id": "kl-t01", "goods": "katalizatorlar (idxal)", "share": "14.5"},
            {"organisation_id": "kl-t05", "goods": "his və pigmentlər (idxal)", "share": "22.1"},
            {"organisation_id": "kl-t06", "goods": "antioksidantlar (idxal)", "share": "29.3"},
            {"organisation_id": "kl-t08", "goods": "çeşidlənmiş tullantılar (yerli)", "share": "39"},
        ],
        "final_composition": [
            "Diametri 20–630 mm təzyiqli polietilen boru: boru markalı polietilen – 94,2 %, qara kompaund – 5,8 %.",
            "Elektroqaynaq fitinqi: boru markalı polietilen – 81 %, mis naqil – 16 %, boyaq konsentratı – 3 %.",
            "Çoxqatlı plyonka: plyonka markalı polietilen – 88 %, ağ konsentrat – 7 %, yapışqan qat – 5 %.",
            "Geomembran: yüksək sıxlıqlı polietilen – 97,5 %, his konsentratı – 2,5 %.",
        ],
        "projects": [_project()],
        "note": note_sections(),
    }


def crowded_map_sample(count: int) -> dict[str, Any]:
    """The sample with ``count`` enterprises more; every fifth has a name of 200 characters that DOT and SVG give
    meanings to."""
    data = functional_map_sample()
    for n in range(count):
        one = f"kl-x{n}"
        name = (_AWKWARD * 3)[:200].strip() if n % 5 == 0 else f"“{n}-ci Müəssisə” Məhdud Məsuliyyətli Cəmiyyəti"
        data["organisations"].append(data["organisations"][n % 8] | {"id": one, "name": name})
        pattern = data["producers"][n % 8]
        data["producers"].append(pattern | {"organisation_id": one, "stage": 1 + n % 3, "final": n % 3 == 2})
        data["deliveries"].append(
            {"supplier_id": one, "buyer_id": f"kl-t{n % 8 + 1:02d}", "goods": "yarımfabrikat", "value": "0"}
        )
    return data


def _project() -> dict[str, Any]:
    figures = {f.place: f.figures for f in PRODUCERS}
    return {
        "name": "Polimer tullantılarından ikincili qranulat istehsalı",
        "product": "ikincili qranulat və ondan drenaj boruları",
        "initiators": ["kl-t08", "kl-t02"],
        "sources": [
            {"name": "Təşəbbüskarların vəsaitləri", "amount": "5.8"},
            {"name": "“Sənaye Lizinq” Açıq Səhmdar Cəmiyyəti, lizinq", "amount": "6"},
            {"name": "Regional büdcə vəsaitləri", "amount": "2.3"},
            {"name": "Yerli büdcə vəsaitləri", "amount": "0.6"},
        ],
        "expenses": [
            {"kind": "process", "name": "keyfiyyətə nəzarət sisteminin və uçotun qurulması", "amount": "0.7"},
            {"kind": "technology", "name": "çeşidləmə, yuma və qranullaşdırma xətti", "amount": "7.5"},
            {"kind": "technology", "name": "ekstruziya xəttinin uyğunlaşdırılması", "amount": "2.4"},
            {"kind": "infrastructure", "name": "istehsal sahəsi və kommunikasiyalar", "amount": "4.1"},
        ],
        "support": [
            {"organisation_id": "kl-t09", "what": "sahənin güzəştli icarəsi, enerji təchizatı"},
            {"organisation_id": "kl-t10", "what": "qranulatın partiyalar üzrə sınağı"},
            {"organisation_id": "kl-t11", "what": "operatorların hazırlanması"},
        ],
        "participants": [
            {"organisation_id": "kl-t07", "what": "ildə 1,9 mln. manatlıq qranulat almaq öhdəliyi"},
            {"organisation_id": "kl-t06", "what": "ildə 0,8 mln. manatlıq qranulat almaq niyyəti"},
            {"organisation_id": "kl-t01", "what": "istehsal tullantılarını təhvil vermək öhdəliyi"},
        ],
        "results": [
            {"name": "Təşəbbüskarlarda işçilərin orta sayı", "unit": "ədəd", "start": "310", "end": "400"},
            {"name": "Yüksək istehsallı iş yerləri", "unit": "ədəd", "start": "80", "end": "162"},
            {"name": "Əlavə dəyərin həcmi", "unit": "mln. manat", "start": "9.7", "end": "14.8"},
        ],
        "effects": [
            {
                "organisation_id": f"kl-t{place:02d}",
                "before": questionnaire(figures[place]),
                "after": questionnaire(after),
            }
            for place, after in _EFFECTS
        ],
        "new_links": [
            delivery(8, 2, "ikincili qranulat", "3.1"),
            delivery(8, 7, "ikincili qranulat", "1.9"),
            delivery(8, 6, "ikincili qranulat", "0.8"),
        ],
    }
