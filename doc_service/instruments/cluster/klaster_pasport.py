"""``klaster-pasport``: the passport of an industrial cluster (003 §6.4; Əlavə 14 is lost, reconstructed)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from doc_service.domain.azerbaijani import long_date, plain_date
from doc_service.domain.azerbaijani_cases import genitive
from doc_service.domain.azerbaijani_numbers import ordinal
from doc_service.domain.clusters.compliance import (
    LEAST_EFFICIENT,
    LEAST_EXPORT,
    LEAST_MEMBERS,
    LEAST_ORGAN,
    LEAST_PROJECTS,
)
from doc_service.domain.clusters.kinds import GROUP_TITLES, PRODUCERS
from doc_service.domain.documents import Registration
from doc_service.domain.errors import Fault
from doc_service.domain.figures import figure, percent
from doc_service.instruments.base import NO_STAND_INS, Instrument, Signatory, StandIns
from doc_service.instruments.cluster.common import cluster_faults, organisation_faults
from doc_service.instruments.cluster.development_parts import head_and_seal, sealed_rows
from doc_service.instruments.cluster.passport_data import MOST_YEARS, CitedPaperData, FiguresData, PassportData
from doc_service.instruments.samples.cluster_passport import passport_sample
from doc_service.instruments.wording import BLANK_DATE, BLANK_NUMBER

_MET, _NOT_MET = "uyğundur", "uyğun deyil"
_PARTS: Final = (("used", "volume"), ("export", "volume"), ("added_value", "volume"), ("productive_jobs", "jobs"))
_SERIES: Final = tuple(name for name in FiguresData.model_fields if name != "first_year")


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures of the requirements, from the data."""

    members: int
    participants: int
    export: Decimal | None
    efficient: Decimal | None
    of_seats: Decimal | None
    of_participants: Decimal | None


def counts(data: PassportData) -> Counts:
    """Shares in per cent, unrounded; the newest year's figures."""
    participants = sum(k.count for k in data.kinds if k.kind in PRODUCERS)
    whole = Decimal(participants)
    return Counts(
        members=sum(k.count for k in data.kinds),
        participants=participants,
        export=percent(Decimal(data.figures.export[-1]), Decimal(data.figures.volume[-1])),
        efficient=percent(Decimal(data.efficiency.above), whole),
        of_seats=percent(Decimal(data.organ.participant_seats), Decimal(data.organ.seats)),
        of_participants=percent(Decimal(data.organ.participants_sitting), whole),
    )


@dataclass(frozen=True, kw_only=True)
class KlasterPasport(Instrument[PassportData]):
    def check(self, data: PassportData) -> tuple[Fault, ...]:
        """Figures for every year, no part larger than its whole. A requirement that is not met is no fault: it is said
        in the passport, and whoever checks the cluster judges (003 §6.4, Əlavə 13 §4)."""
        return (
            *cluster_faults(data.cluster),
            *organisation_faults(data.organisation.organisation, "organisation.organisation"),
            *_faults(data),
        )

    def signatories(self, data: PassportData) -> tuple[Signatory, ...]:
        """The head of the specialised organisation, as of the application that it belongs to (003 §6.4), and seal."""
        return head_and_seal(data.cluster, data.organisation)

    def context(
        self, data: PassportData, registration: Registration | None = None, stand_ins: StandIns = NO_STAND_INS
    ) -> dict[str, Any]:
        years = [str(data.figures.first_year + n) for n in range(len(data.figures.volume))]
        return {
            "line": {
                "date": long_date(registration.registered_on) if registration else BLANK_DATE,
                "number": registration.number if registration else BLANK_NUMBER,
            },
            "cluster": genitive(data.cluster.name),
            "general": _general(data),
            "kinds": [{"title": GROUP_TITLES[k.kind], "count": str(k.count)} for k in data.kinds],
            "members": str(counts(data).members),
            "documents": [_paper(p) for p in (*data.documents, *data.state_agreements)],
            "projects": [
                {"name": p.name, "initiators": p.initiators, "term": p.term, "cost": figure(Decimal(p.cost))}
                for p in data.projects
            ],
            "years": years + [""] * (MOST_YEARS - len(years)),
            "figures": _figures(data),
            "requirements": _requirements(data),
            **sealed_rows(self.signatories(data), data.organisation, stand_ins),
        }

    def sample(self) -> dict[str, Any]:
        return passport_sample()


def _faults(data: PassportData) -> Iterator[Fault]:
    years = len(data.figures.volume)
    uneven = [name for name in _SERIES if len(getattr(data.figures, name)) != years]
    for name in uneven:
        params = {"years": years, "found": len(getattr(data.figures, name))}
        yield Fault("financing.years", f"figures.{name}", params)
    if not uneven:
        yield from _parts(data.figures, years)
    kinds = [k.kind for k in data.kinds]
    for n, kind in enumerate(kinds):
        if kind in kinds[:n]:
            yield Fault("passport.kind_repeated", f"kinds[{n}].kind", {"kind": GROUP_TITLES[kind]})
    found, organ = counts(data), data.organ
    for field, part, whole in (
        ("participation_agreements", data.participation_agreements, found.members),
        ("organ.participant_seats", organ.participant_seats, organ.seats),
        ("organ.participants_sitting", organ.participants_sitting, found.participants),
        ("efficiency.above", data.efficiency.above, found.participants),
    ):
        if part > whole:
            yield Fault("passport.part_exceeds", field, {"part": str(part), "whole": str(whole)})


def _parts(figures: FiguresData, years: int) -> Iterator[Fault]:
    for part, whole in _PARTS:
        for n in range(years):
            small, large = Decimal(getattr(figures, part)[n]), Decimal(getattr(figures, whole)[n])
            if small > large:
                params = {"part": figure(small), "whole": figure(large)}
                yield Fault("passport.part_exceeds", f"figures.{part}[{n}]", params)


def _paper(paper: CitedPaperData) -> dict[str, str]:
    return {"title": paper.title, "number": paper.number, "date": plain_date(paper.on)}


def _general(data: PassportData) -> list[dict[str, Any]]:
    organisation, founded = data.organisation.organisation, data.founded
    rows: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("Sənaye klasterinin adı", (data.cluster.name,)),
        ("Yerləşdirilmə ərazisi", (data.cluster.territory,)),
        ("İxtisaslaşması, son sənaye məhsulu", (data.cluster.product,)),
        ("Yaradılması", (f"{founded.title}, № {founded.number}, {plain_date(founded.on)}",)),
        (
            "İxtisaslaşdırılmış təşkilat",
            (organisation.full_name, *organisation.requisites, organisation.address),
        ),
        (
            "İxtisaslaşdırılmış təşkilatın rəhbəri",
            (data.organisation.head.name.to_domain().full, data.organisation.head.post),
        ),
        (
            "Əlaqələndirici şəxs",
            (data.contact_person.to_domain().full, data.contact_phone, data.contact_email),
        ),
        ("İnformasiya portalı", (data.portal,)),
        (
            "Kollegial idarəetmə orqanı",
            (
                data.organ.name,
                f"üzvlərin sayı – {data.organ.seats}, o cümlədən iştirakçı təşkilatların nümayəndələri – "
                f"{data.organ.participant_seats}",
            ),
        ),
        ("İştirak haqqında sazişlərin sayı", (str(data.participation_agreements),)),
    )
    return [{"no": f"{n}.", "title": title, "lines": list(lines)} for n, (title, lines) in enumerate(rows, 1)]


def _figures(data: PassportData) -> list[dict[str, Any]]:
    rows = []
    for n, name in enumerate(_SERIES, 1):
        values = [figure(Decimal(v)) for v in getattr(data.figures, name)]
        title = str(FiguresData.model_fields[name].title)
        rows.append({"no": f"{n}.", "title": title, "values": values + [""] * (MOST_YEARS - len(values))})
    return rows


def _requirements(data: PassportData) -> list[dict[str, str]]:
    """The lines of Əlavə 13 §4 and §7.1 with what is claimed for each."""
    found, year = counts(data), data.figures.first_year + len(data.figures.volume) - 1
    organ = all(share is not None and share >= LEAST_ORGAN for share in (found.of_seats, found.of_participants))
    rows: tuple[tuple[str, str, bool], ...] = (
        ("Klaster iştirakçılarının coğrafi konsentrasiyası", data.cluster.territory, True),
        ("Sahə üzrə və ya texnoloji ixtisaslaşma", data.cluster.product, True),
        ("İxtisaslaşdırılmış təşkilatın mövcudluğu", data.organisation.organisation.full_name, True),
        (
            "İxtisaslaşdırılmış təşkilatla iştirakçılar arasında sazişlərin mövcudluğu",
            f"{data.participation_agreements} saziş, {found.participants} iştirakçı",
            data.participation_agreements >= found.participants > 0,
        ),
        (
            "İcra orqanları ilə sazişin mövcudluğu",
            ", ".join(f"№ {p.number}" for p in data.state_agreements) or "–",
            bool(data.state_agreements),
        ),
        (
            f"Ən azı {LEAST_PROJECTS} klaster layihəsinin mövcudluğu",
            str(len(data.projects)),
            len(data.projects) >= LEAST_PROJECTS,
        ),
        (
            f"Xarici bazarlarda hasilatın payı ən azı {LEAST_EXPORT} %",
            f"{ordinal(year)} il üzrə {_share(found.export)}",
            found.export is not None and found.export >= LEAST_EXPORT,
        ),
        (f"Ən azı {LEAST_MEMBERS} üzv təşkilat", str(found.members), found.members >= LEAST_MEMBERS),
        (
            f"İqtisadi səmərəliliyi ortalamadan yuxarı olan təşkilatlar ən azı {LEAST_EFFICIENT} %",
            f"{_share(found.efficient)} ({data.efficiency.measure})",
            found.efficient is not None and found.efficient >= LEAST_EFFICIENT,
        ),
        (
            f"Kollegial idarəetmə orqanında iştirakçı təşkilatlar ən azı {LEAST_ORGAN} %",
            f"üzvlərin {_share(found.of_seats)}; iştirakçıların {_share(found.of_participants)}",
            organ,
        ),
    )
    return [
        {"no": f"{n}.", "title": title, "value": value, "verdict": _MET if met else _NOT_MET}
        for n, (title, value, met) in enumerate(rows, 1)
    ]


def _share(value: Decimal | None) -> str:
    return "–" if value is None else f"{figure(value, 1)} %"


def klaster_pasport() -> KlasterPasport:
    """The instrument of 003 §6.4, Əlavə 14."""
    return KlasterPasport(
        model=PassportData,
        id="klaster-pasport",
        title_az="Sənaye klasterinin pasportu",
        title_en="Passport of the industrial cluster",
        template="klaster-pasport.v1",
        journal="KL-PS",
        journal_title="Sənaye klasterlərinin pasportlarının qeydiyyatı jurnalı",
        case_index="KL-07",
        sources=("003 §6.4", "003 Əlavə 14", "003 Əlavə 13 §4", "003 Əlavə 13 §7.1"),
    )
