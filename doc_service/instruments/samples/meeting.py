"""The invented meeting of the samples: 12 of 15 attend, one item is settled by the head's vote, one is refused."""

from __future__ import annotations

from typing import Any, Final

from doc_service.instruments.samples.people import CUSTOMS, FOOD, body, member_id, members, person, secretary

_ABSENT: Final = {
    9: "Ezamiyyətdədir",
    13: "Əmək məzuniyyətindədir",
    15: "Xəstəliyinə görə",
}
_DELEGATED: Final = 6
_INVITED: Final = ("dvt-01", "dvt-02")


def session() -> dict[str, Any]:
    """When and where; the documents reached the members seven days before (001 §5.8)."""
    return {
        "id": "iclas-2026-2",
        "number": 2,
        "kind": "ordinary",
        "place": "Bakı şəhəri, Agentliyin inzibati binası, akt zalı",
        "opens_at": "2026-11-20T15:00:00+04:00",
        "closes_at": "2026-11-20T16:45:00+04:00",
        "documents_delivered_on": "2026-11-13",
        "late_reason": "",
    }


def agenda() -> list[dict[str, Any]]:
    """Four items, two of them with enclosures."""
    points = (
        (
            "Xidmətlərin elektronlaşdırılması üzrə müvəqqəti işçi qrupunun yaradılması haqqında",
            "organisational",
            2,
            ("İşçi qrupunun tərkibi (layihə)",),
        ),
        (
            "Qida məhsulları istehsalçılarının qeydiyyatı zamanı təkrar sənədlərin tələb edilməsi barədə sahibkarlıq "
            "subyektlərinin şikayətləri haqqında",
            "other",
            8,
            ("Şikayətlərin təhlilinə dair arayış", "Tələb olunan sənədlərin siyahısı"),
        ),
        (
            "Mikro sahibkarlıq subyektləri üçün gömrük bəyannaməsinin sadələşdirilmiş formasının tətbiqi haqqında",
            "other",
            4,
            (),
        ),
        (
            "KOB evlərində istirahət günlərində xidmətlərin göstərilməsi haqqında",
            "other",
            5,
            (),
        ),
    )
    return [
        {
            "number": n,
            "title": title,
            "matter": matter,
            "reporter_id": member_id(reporter),
            "materials": list(materials),
            "restricted": False,
        }
        for n, (title, matter, reporter, materials) in enumerate(points, 1)
    ]


def record_sample() -> dict[str, Any]:
    """The data of ``kq-protokol``."""
    return {
        "body": body(),
        "members": members(),
        "secretary": secretary(),
        "meeting": session(),
        "attendance": [_attendance(n) for n in range(1, 16)],
        "invited": [
            {
                "id": _INVITED[0],
                "name": {"surname": "Mustafayev", "given": "Elnur", "patronymic": "Rafiq oğlu"},
                "organisation": "Azərbaycan Qida Sənayesi Sahibkarları Assosiasiyası",
                "post": "İdarə Heyətinin üzvü",
            },
            {
                "id": _INVITED[1],
                "name": {"surname": "Bağırova", "given": "Nərmin", "patronymic": "Səyavuş qızı"},
                "organisation": "“Kiçik İstehsalçılara Dəstək” İctimai Birliyi",
                "post": "ekspert",
            },
        ],
        "agenda": agenda(),
        "items": _items(),
        "annexes": [
            "Müvəqqəti işçi qrupunun tərkibi",
            "Şikayətlərin təhlilinə dair arayış",
        ],
    }


def _attendance(place: int) -> dict[str, Any]:
    entry: dict[str, Any] = {"member_id": member_id(place), "presence": "present", "delegate": None, "reason": ""}
    if place in _ABSENT:
        entry |= {"presence": "absent", "reason": _ABSENT[place]}
    if place == _DELEGATED:
        delegate = person(
            "nmd-01",
            ("Qasımov", "Emil", "Azər oğlu"),
            members()[place - 1]["person"]["organisation"],
            "Sığortaolunanların uçotu şöbəsinin müdir müavini",
        )
        power = {"number": "41/2026", "issued_on": "2026-11-16", "valid_until": "2026-12-31"}
        entry |= {
            "presence": "delegated",
            "reason": "Ezamiyyətdədir",
            "delegate": {"person": delegate, "power": power},
        }
    return entry


def _votes(against: set[int], abstain: set[int]) -> list[dict[str, str]]:
    voters = [n for n in range(1, 16) if n not in _ABSENT]
    return [
        {
            "voter_id": member_id(n),
            "choice": "against" if n in against else "abstain" if n in abstain else "for",
        }
        for n in voters
    ]


def _items() -> list[dict[str, Any]]:
    return [_working_group(), _complaints(), _declaration(), _weekends()]


def _working_group() -> dict[str, Any]:
    return {
        "number": 1,
        "discussion": (
            "Məruzəçi bildirdi ki, KOB evlərində göstərilən xidmətlərin bir hissəsi üzrə müraciətlər hələ də kağız "
            "daşıyıcıda qəbul edilir. Bu xidmətlərin vahid elektron pəncərəyə keçirilməsi üçün Əsasnamənin 4.1.3-cü "
            "yarımbəndinə uyğun olaraq müvəqqəti işçi qrupunun yaradılması təklif olunur.\n"
            "Çıxış edənlər işçi qrupunun tərkibinin xidmət göstərən dövlət orqanlarının (qurumlarının) "
            "mütəxəssislərindən formalaşdırılmasını məqsədəuyğun hesab etdilər."
        ),
        "speakers": [member_id(3), member_id(10)],
        "act_kind": "decision",
        "act_text": (
            "1. KOB evlərində göstərilən xidmətlərin elektronlaşdırılması üzrə müvəqqəti işçi qrupu yaradılsın və onun "
            "tərkibi təsdiq edilsin (1 nömrəli əlavə).\n"
            "2. İşçi qrupunun rəhbəri Məmmədova Aygün Fərid qızı təyin edilsin.\n"
            "3. İşçi qrupuna tapşırılsın ki, görülmüş işlər barədə Koordinasiya Qrupuna hesabat təqdim etsin."
        ),
        "votes": _votes(set(), set()),
        "responsible": "Məmmədova Aygün Fərid qızı",
        "term": "2027-03-01",
        "addressee": "",
    }


def _complaints() -> dict[str, Any]:
    return {
        "number": 2,
        "discussion": (
            "Məruzəçi 2026-cı ilin üçüncü rübündə KOB evlərinə daxil olmuş 37 şikayətin təhlilini təqdim etdi. "
            "Şikayətlərin 29-u digər dövlət orqanlarının informasiya sistemlərində olan sənədlərin sahibkarlardan "
            "yenidən tələb edilməsi ilə bağlıdır.\n"
            "Dəvət olunmuş şəxslər qeydiyyat müddətinin kiçik istehsalçılar üçün orta hesabla on iki iş günü təşkil "
            "etdiyini qeyd etdilər və məlumatların elektron mübadiləsinin genişləndirilməsini təklif etdilər."
        ),
        "speakers": [member_id(3), _INVITED[0], _INVITED[1], "nmd-01"],
        "act_kind": "recommendation",
        "act_text": (
            "1. Qida məhsulları istehsalçılarının qeydiyyatı zamanı digər dövlət orqanlarının (qurumlarının) "
            "informasiya sistemlərindən əldə edilməsi mümkün olan sənədlər sahibkarlıq subyektlərindən tələb "
            "edilməsin.\n"
            "2. Qeydiyyat müraciətlərinə beş iş günündən gec olmayaraq baxılması təmin edilsin."
        ),
        "votes": _votes({8}, {11, 12}),
        "responsible": "Kərimov Ceyhun Mübariz oğlu",
        "term": "2027-02-01",
        "addressee": FOOD,
    }


def _declaration() -> dict[str, Any]:
    return {
        "number": 3,
        "discussion": (
            "Məruzəçi gömrük dəyəri az olan malların bəyan edilməsi üçün sadələşdirilmiş formanın layihəsini və digər "
            "ölkələrin bu sahədəki təcrübəsini təqdim etdi. Müzakirə zamanı formanın vergi uçotuna və statistik "
            "hesabatlılığa təsiri ilə bağlı fərqli mövqelər bildirildi."
        ),
        "speakers": [member_id(2), member_id(3), member_id(7), member_id(14)],
        "act_kind": "proposal",
        "act_text": (
            "Mikro sahibkarlıq subyektləri tərəfindən idxal edilən, gömrük dəyəri müəyyən edilmiş həddən çox olmayan "
            "mallar üçün bəyannamənin sadələşdirilmiş forması sınaq qaydasında tətbiq edilsin."
        ),
        "votes": _votes({3, 6, 10, 12, 14}, {7, 11}),
        "responsible": "İsmayılov Tural Namiq oğlu",
        "term": "2027-04-01",
        "addressee": CUSTOMS,
    }


def _weekends() -> dict[str, Any]:
    return {
        "number": 4,
        "discussion": (
            "Məruzəçi KOB evlərində şənbə günləri xidmətlərin göstərilməsinə dair sahibkarlıq subyektləri arasında "
            "keçirilmiş sorğunun nəticələrini təqdim etdi. Üzvlər əlavə iş vaxtının maliyyə təminatının müəyyən "
            "edilmədiyini bildirdilər."
        ),
        "speakers": [member_id(2), member_id(4), member_id(8)],
        "act_kind": "recommendation",
        "act_text": (
            "KOB evlərində xidmət göstərən dövlət orqanları (qurumları) tərəfindən şənbə günləri saat 10:00-dan "
            "14:00-dək növbətçi xidmət təşkil edilsin."
        ),
        "votes": _votes({1, 3, 4, 6, 8, 10, 12}, {11, 14}),
        "responsible": "",
        "term": None,
        "addressee": "",
    }
