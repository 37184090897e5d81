"""The invented Coordination Group of the samples: state bodies that serve in SME houses (001 §5.1, §5.2)."""

from __future__ import annotations

from typing import Any, Final

AGENCY: Final = "Azərbaycan Respublikasının Kiçik və Orta Biznesin İnkişafı Agentliyi"
GROUP: Final = f"{AGENCY} yanında daimi fəaliyyət göstərən Koordinasiya Qrupu"
MINISTRY: Final = "Azərbaycan Respublikasının İqtisadiyyat Nazirliyi"
LABOUR: Final = "Azərbaycan Respublikasının Əmək və Əhalinin Sosial Müdafiəsi Nazirliyi"
FOOD: Final = "Azərbaycan Respublikasının Qida Təhlükəsizliyi Agentliyi"
CUSTOMS: Final = "Azərbaycan Respublikasının Dövlət Gömrük Komitəsi"

_MEMBERS: Final = (
    ("Həsənov", "Elçin", "Rauf oğlu", MINISTRY, "Azərbaycan Respublikası iqtisadiyyat nazirinin müavini"),
    ("Vəliyeva", "Nigar", "Tofiq qızı", AGENCY, "İdarə Heyətinin sədri"),
    ("Quliyev", "Rəşad", "Kamil oğlu", f"{MINISTRY} yanında Dövlət Vergi Xidməti",
     "Vergi ödəyicilərinə xidmət baş idarəsinin rəisi"),
    ("İsmayılov", "Tural", "Namiq oğlu", CUSTOMS, "Gömrük rəsmiləşdirilməsinin təşkili baş idarəsinin rəisi"),
    ("Məmmədova", "Aygün", "Fərid qızı", f"{LABOUR} yanında Dayanıqlı və Operativ Sosial Təminat Agentliyi",
     "Xidmətlərin təşkili departamentinin direktoru"),
    ("Abbasov", "Vüqar", "Şamil oğlu", f"{LABOUR} yanında Dövlət Sosial Müdafiə Fondu",
     "Sığortaolunanların uçotu şöbəsinin müdiri"),
    ("Rzayeva", "Lalə", "Ədalət qızı", f"{LABOUR} yanında Dövlət Məşğulluq Agentliyi",
     "Özünüməşğulluq proqramları şöbəsinin müdiri"),
    ("Kərimov", "Ceyhun", "Mübariz oğlu", FOOD, "Qeydiyyat və təsdiq şöbəsinin müdiri"),
    ("Babayev", "Orxan", "Zakir oğlu", f"{MINISTRY} yanında Əmlak Məsələləri Dövlət Xidməti",
     "Daşınmaz əmlakın qeydiyyatı idarəsinin rəisi"),
    ("Şərifova", "Günel", "İlqar qızı",
     f"{MINISTRY} yanında Antiinhisar və İstehlak Bazarına Nəzarət Dövlət Xidməti",
     "Sahibkarlarla iş şöbəsinin müdiri"),
    ("Nağıyev", "Samir", "Hikmət oğlu", "Azərbaycan Respublikasının Fövqəladə Hallar Nazirliyi",
     "Dövlət Yanğın Nəzarəti Xidmətinin şöbə rəisi"),
    ("Əhmədova", "Sevinc", "Yaşar qızı", "Azərbaycan Respublikasının Ekologiya və Təbii Sərvətlər Nazirliyi",
     "Dövlət ekoloji ekspertizası şöbəsinin müdiri"),
    ("Cəfərov", "Anar", "Valeh oğlu", "Azərbaycan Respublikasının Dövlət Miqrasiya Xidməti",
     "Əmək miqrasiyası idarəsinin rəisi"),
    ("Hüseynov", "Kənan", "Aqil oğlu", "Azərbaycan Respublikasının Ədliyyə Nazirliyi",
     "Hüquqi şəxslərin qeydiyyatı şöbəsinin rəisi"),
    ("Süleymanova", "Fidan", "Etibar qızı", "Azərbaycan Respublikasının Kənd Təsərrüfatı Nazirliyi",
     "Aqrar sahibkarlığa dəstək şöbəsinin müdiri"),
)  # fmt: skip


def person(identifier: str, name: tuple[str, str, str], organisation: str, post: str) -> dict[str, Any]:
    """A person as instrument data."""
    return {
        "id": identifier,
        "name": {"surname": name[0], "given": name[1], "patronymic": name[2]},
        "organisation": organisation,
        "post": post,
    }


def member_id(place: int) -> str:
    """The id of the member at ``place`` (from 1): ``kq-01`` is the head, ``kq-02`` the deputy head."""
    return f"kq-{place:02d}"


def members() -> list[dict[str, Any]]:
    """Fifteen members: the head, the deputy head, and thirteen heads of units."""
    roles = ("head", "deputy_head")
    return [
        {
            "person": person(member_id(n), (surname, given, patronymic), organisation, post),
            "role": roles[n - 1] if n <= len(roles) else "member",
        }
        for n, (surname, given, patronymic, organisation, post) in enumerate(_MEMBERS, 1)
    ]


def secretary() -> dict[str, Any]:
    """The secretary: the Agency's unit does the secretariat's work (001 §5.5)."""
    return person(
        "kq-katib",
        ("Əliyeva", "Aynurə", "Natiq qızı"),
        AGENCY,
        "Dövlət qurumları ilə əlaqələndirmə şöbəsinin baş məsləhətçisi",
    )


def body() -> dict[str, Any]:
    """The Coordination Group as letterheads name it."""
    return {
        "id": "koordinasiya-qrupu",
        "kind": "koordinasiya-qrupu",
        "name": GROUP,
        "short_name": "Koordinasiya Qrupu",
        "parent_organisation": AGENCY,
        "unit": "3-21-5",
        "place": "Bakı şəhəri",
        "contact": "AZ1000, Bakı şəhəri, Nümunə küçəsi 1 · tel.: (012) 555-01-00 · e-poçt: katiblik@kq.example",
    }
