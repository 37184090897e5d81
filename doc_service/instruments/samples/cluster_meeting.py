"""Sample of a members' general meeting: twelve members, one represented by power of attorney, two absent."""

from __future__ import annotations

from typing import Any, Final

from doc_service.instruments.samples.cluster import (
    SUMQAYIT,
    cluster,
    full_name,
    head,
    organisation,
    representative,
    specialised,
)
from doc_service.instruments.samples.people import person

MEMBERS: Final = 11
_DELEGATED: Final = 4
_ABSENT: Final = {6: "Ezamiyyətdədir", 10: "Əmək məzuniyyətindədir"}
_NEW: Final = 12

_ITEMS: Final = (
    ("functional_map", "Sənaye klasterinin funksional xəritəsinin təsdiq edilməsi haqqında",
     "Məruzəçi funksional xəritənin iştirakçıların anketləri əsasında tərtib edildiyini və onlarla razılaşdırıldığını "
     "bildirdi.",
     "Abşeron polimer sənaye klasterinin funksional xəritəsi təsdiq edilsin (1 nömrəli əlavə)."),
    ("programme", "Sənaye klasterinin inkişaf proqramının təsdiq edilməsi haqqında",
     "Məruzəçi 2026–2031-ci illəri əhatə edən inkişaf proqramının məqsəd göstəricilərini və ehtiyat təminatını təqdim "
     "etdi.",
     "1. Abşeron polimer sənaye klasterinin inkişaf proqramı təsdiq edilsin (2 nömrəli əlavə).\n"
     "2. Proqramın icrasının gedişi barədə növbəti ümumi yığıncağa məlumat verilsin."),
    ("joint_projects", "Birgə layihələrin siyahısının təsdiq edilməsi haqqında",
     "Üç birgə layihənin pasportları müzakirə edildi; çıxış edənlər layihələrin klasterin son məhsulunun istehsalına "
     "təsirini qeyd etdilər.",
     "Sənaye klasteri iştirakçılarının birgə layihələrinin siyahısı təsdiq edilsin (3 nömrəli əlavə)."),
    ("measures", "İxtisaslaşdırılmış təşkilatın tədbirlər planının təsdiq edilməsi haqqında",
     "", "İxtisaslaşdırılmış təşkilatın 2027-ci il üzrə tədbirlər planı təsdiq edilsin."),
    ("admission",
     "“Sənaye Lizinq” Açıq Səhmdar Cəmiyyətinin klasterin infrastrukturu tərkibinə daxil edilməsi haqqında",
     "Təşkilatın qoşulma ərizəsinə və anketinə baxıldı.",
     "“Sənaye Lizinq” Açıq Səhmdar Cəmiyyəti klasterin infrastrukturu tərkibinə daxil edilsin."),
)  # fmt: skip


def meeting_body() -> dict[str, Any]:
    """The members' general meeting of the specialised organisation, as ``BodyData``."""
    name = f"{specialised()['organisation']['name']} Assosiasiyası"
    return {
        "id": "kl-umumi-yigincaq",
        "kind": "klaster-umumi-yigincaq",
        "name": f"{name} üzvlərinin ümumi yığıncağı",
        "short_name": "Ümumi yığıncaq",
        "parent_organisation": name,
        "unit": "APK",
        "place": SUMQAYIT,
        "contact": specialised()["contact"],
    }


def members_meeting_sample() -> dict[str, Any]:
    """The data of ``klaster-umumi-yigincaq-protokolu``."""
    return {
        "body": meeting_body(),
        "members": [
            {"person": head(n), "role": "head" if n == 1 else "deputy_head" if n == 2 else "member"}
            for n in range(1, MEMBERS + 1)
        ],
        "secretary": person(
            "kl-it-katib",
            ("Bayramova", "Aytac", "Elman qızı"),
            f"{meeting_body()['parent_organisation']}",
            "hüquqşünas",
        ),
        "meeting": {
            "id": "kl-yigincaq-2",
            "number": 2,
            "kind": "ordinary",
            "place": "Sumqayıt şəhəri, Mühəndislər prospekti 1, iclas zalı",
            "opens_at": "2026-12-18T11:00:00+04:00",
            "closes_at": "2026-12-18T13:20:00+04:00",
            "documents_delivered_on": "2026-12-04",
            "late_reason": "",
        },
        "attendance": [_attendance(n) for n in range(1, MEMBERS + 1)],
        "invited": [],
        "agenda": [
            {
                "number": n,
                "title": title,
                "matter": "organisational",
                "reporter_id": head(1 if n < 4 else 2)["id"],
                "materials": [],
                "restricted": False,
            }
            for n, (_, title, _, _) in enumerate(_ITEMS, 1)
        ],
        "items": [_item(n, discussion, text) for n, (_, _, discussion, text) in enumerate(_ITEMS, 1)],
        "annexes": ["Funksional xəritə", "İnkişaf proqramı", "Birgə layihələrin siyahısı"],
        "cluster": cluster(),
        "topics": [
            {
                "number": n,
                "topic": topic,
                "organisation": organisation(_NEW) if topic == "admission" else None,
                "agreed_on": "2026-12-02" if topic in ("functional_map", "programme") else None,
            }
            for n, (topic, *_) in enumerate(_ITEMS, 1)
        ],
    }


def _attendance(place: int) -> dict[str, Any]:
    entry: dict[str, Any] = {"member_id": head(place)["id"], "presence": "present", "delegate": None, "reason": ""}
    if place in _ABSENT:
        entry |= {"presence": "absent", "reason": _ABSENT[place]}
    if place == _DELEGATED:
        sent = representative(place)
        power = {key: sent["authority"][key] for key in ("number", "issued_on", "valid_until")}
        entry |= {
            "presence": "delegated",
            "reason": "Ezamiyyətdədir",
            "delegate": {"person": sent["person"], "power": power},
        }
    return entry


def _item(number: int, discussion: str, text: str) -> dict[str, Any]:
    against, abstained = ((9,), (7, 11)) if number == 3 else ((), ())
    return {
        "number": number,
        "discussion": discussion,
        "speakers": [head(3)["id"], head(5)["id"]] if discussion else [],
        "act_kind": "decision",
        "act_text": text,
        "votes": [
            {
                "voter_id": head(n)["id"],
                "choice": "against" if n in against else "abstain" if n in abstained else "for",
            }
            for n in range(1, MEMBERS + 1)
            if n not in _ABSENT
        ],
        "responsible": full_name(1) if number == 2 else "",
        "term": "2027-06-30" if number == 2 else None,
        "addressee": "",
    }
