"""Samples of the cluster's plans: the road map of its creation, and the first plan of its specialised organisation."""

from __future__ import annotations

from typing import Any, Final

from doc_service.instruments.samples.cluster import cluster, executive, head, specialised

_GROUP_HEAD: Final = "İşçi (təşəbbüs) qrupunun rəhbəri"
_SPECIALISED_HEAD: Final = "İxtisaslaşdırılmış təşkilatın rəhbəri"

_STAGES: Final = (
    (6, (
        ("Sənaye klasterinin yaradılması üzrə işçi (təşəbbüs) qrupun yaradılması", "2026-02-02", "2026-02-06",
         "Təşəbbüskar müəssisələr", "İşçi qrupunun yaradılması haqqında protokol",
         "İşçi qrupunun tərkibi və rəhbəri müəyyən edilir"),
        ("Sənaye klasterinin funksional xəritəsinin layihəsinin hazırlanması", "2026-02-09", "2026-02-27",
         _GROUP_HEAD, "Funksional xəritənin layihəsi", "İştirakçıların kooperasiya əlaqələri müəyyən edilir"),
        ("İxtisaslaşdırılmış təşkilatın təsis sənədlərinin layihəsinin hazırlanması", "2026-02-16", "2026-03-06",
         _GROUP_HEAD, "Nizamnamənin layihəsi", "Təsis sənədləri təsisçilərlə razılaşdırılır"),
        ("Sənaye klasterinin ixtisaslaşdırılmış təşkilatının təsisçilərinin ümumi iclasının keçirilməsi",
         "2026-03-12", "2026-03-12", _GROUP_HEAD, "Təsisçilərin ümumi yığıncağının protokol qərarı",
         "Klasterin yaradılması haqqında qərar qəbul edilir"),
    )),
    (6, (
        ("Sənaye klasterinin ixtisaslaşdırılmış təşkilatının dövlət qeydiyyatı", "2026-03-16", "2026-04-10",
         _SPECIALISED_HEAD, "Hüquqi şəxslərin dövlət reyestrindən çıxarış", "Təşkilat hüquqi şəxs statusu əldə edir"),
        ("Sənaye klasterinin sənaye fəaliyyətində iştirakı haqqında Sazişin bağlanması", "2026-04-13", "2026-04-24",
         _SPECIALISED_HEAD, "İştirak haqqında saziş; iştirakçıların reyestri",
         "Klasterin iştirakçıları müəyyən edilir"),
    )),
    (10, (
        ("Sənaye klasterinin inkişafını müəyyən edən əsas sənədlərin hazırlanması", "2026-04-27", "2026-06-12",
         _SPECIALISED_HEAD, "Funksional xəritə; inkişaf proqramı", "Əsas sənədlər təsdiqə hazır olur"),
        ("Qeyri-kommersiya təşkilatının üzvlərinin növbəti ümumi yığıncağında əsas sənədlərin təsdiq edilməsi",
         "2026-06-18", "2026-06-18", _SPECIALISED_HEAD, "Üzvlərin ümumi yığıncağının protokolu",
         "Funksional xəritə və inkişaf proqramı təsdiq edilir"),
        ("Dövlət hakimiyyətinin icra orqanları ilə sənaye klasterinin yaradılması haqqında Sazişin bağlanması",
         "2026-06-22", "2026-07-03", "İxtisaslaşdırılmış təşkilatın rəhbəri; icra orqanlarının rəhbərləri",
         "Sənaye klasterinin yaradılması haqqında saziş", "Tərəflərin öhdəlikləri müəyyən edilir"),
    )),
    (4, (
        ("Sənaye klasterinin və ixtisaslaşdırılmış təşkilatın Tələblərə uyğunluğunu təsdiq edən sənədlərin "
         "hazırlanması",
         "2026-07-06", "2026-07-24", _SPECIALISED_HEAD, "Uyğunluğun yoxlanılması üçün ərizə; sənədlər paketi",
         "Sənədlər paketi tam yığılır"),
        ("Klasterin informasiya portalının işə salınması", "2026-07-06", "2026-07-31", _SPECIALISED_HEAD,
         "Portal üzrə istinad materialları", "Portalın tələb olunan bölmələri fəaliyyət göstərir"),
    )),
)  # fmt: skip
_STEP: Final = ("title", "since", "until", "executor", "document", "result")
_MEASURE: Final = ("title", "content", "since", "until", "participants", "resources", "result")


def road_map_sample() -> dict[str, Any]:
    """The data of ``klaster-yol-xeritesi``: the model terms from 2 February 2026 on."""
    return {
        "cluster": cluster(),
        "starts_on": "2026-02-02",
        "stages": [
            {"weeks": weeks, "steps": [dict(zip(_STEP, step, strict=True)) for step in steps]}
            for weeks, steps in _STAGES
        ],
        "working_group_head": head(1),
        "executive": executive(1),
    }


_PROCESS: Final = (
    ("Keyfiyyətin menecment sisteminin sertifikatlaşdırılması",
     "İSO 9001 standartı üzrə daxili audit və sertifikatlaşdırma auditi", "2027-02-01", "2027-06-30",
     "“Plastform” və “Geomembran” məhdud məsuliyyətli cəmiyyətləri",
     "48 000 manat – iştirakçıların öz vəsaiti", "İki iştirakçı beynəlxalq sertifikat əldə edir"),
    ("Mühəndis-texniki kadrların ixtisasının artırılması",
     "Ekstruziya və tökmə avadanlığının operatorları üçün 72 saatlıq kurs", "2027-03-01", "2027-05-31",
     "“Sumqayıt Peşə Təhsil Mərkəzi”, klasterin iştirakçıları",
     "36 000 manat – üzvlük haqları", "60 nəfər şəhadətnamə alır"),
)  # fmt: skip
_TECHNOLOGY: Final = (
    ("Çoxqatlı boru istehsalı xəttinin quraşdırılması",
     "Avadanlığın əldə edilməsi, çatdırılması, quraşdırılması və işəsalma-sazlama işləri", "2027-01-15", "2027-10-31",
     "“Abşeron Boru Sistemləri”, “Xəzər Polimer”, “Sənaye Lizinq”",
     "2 400 000 manat – lizinq; 600 000 manat – təşəbbüskarın öz vəsaiti",
     "Yeni məhsul növünün illik 4 000 ton həcmində istehsalı"),
)  # fmt: skip
_INFRASTRUCTURE: Final = (
    ("Polimer materiallarının sınaq laboratoriyasının yaradılması",
     "“Polimer Materialları İnstitutu”nun binasında laboratoriya sahəsinin yenidən qurulması", "2027-04-01",
     "2027-12-20", "“Polimer Materialları İnstitutu”, “Sumqayıt Texnologiya Parkı”",
     "750 000 manat – inkişaf institutlarının vəsaiti", "Sınaqların klaster daxilində aparılması"),
)  # fmt: skip
_OTHER: Final = (
    ("Beynəlxalq sərgidə vahid stendlə iştirak", "Klasterin məhsullarının nümayişi və tərəfdaşlarla görüşlər",
     "2027-09-01", "2027-09-30", "İxtisaslaşmış təşkilat, altı iştirakçı", "90 000 manat – üzvlük haqları",
     "Ən azı beş ixrac müqaviləsi üzrə danışıqların aparılması"),
)  # fmt: skip


def measures_sample() -> dict[str, Any]:
    """The data of ``klaster-tedbirler-plani``: the plan for 2027."""
    groups = {"process": _PROCESS, "technology": _TECHNOLOGY, "infrastructure": _INFRASTRUCTURE, "other": _OTHER}
    return {
        "cluster": cluster(),
        "organisation": specialised(),
        "approval": {"held_on": "2026-12-18", "protocol": "2"},
        "since": "2027-01-01",
        "until": "2027-12-31",
        **{name: [dict(zip(_MEASURE, row, strict=True)) for row in rows] for name, rows in groups.items()},
    }
