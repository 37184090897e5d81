"""``klaster-tesis-protokolu``: the protocol decision of the founders' general meeting (003 §3.4, §3.5, Əlavə 2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from doc_service.domain.azerbaijani import long_date
from doc_service.domain.azerbaijani_cases import genitive
from doc_service.domain.azerbaijani_numbers import number_words
from doc_service.domain.bodies import BodyRules
from doc_service.domain.documents import Registration
from doc_service.domain.errors import Fault
from doc_service.instruments.base import NO_STAND_INS, Instrument, Signatory, StandIns
from doc_service.instruments.cluster.common import (
    cluster_faults,
    repeated_faults,
    representative_signatory,
    represented_faults,
)
from doc_service.instruments.cluster.founding_meeting import FounderData, FoundersMeeting, FoundingData
from doc_service.instruments.samples.cluster_founding import founding_sample
from doc_service.instruments.signature_table import field_name, signature_rows
from doc_service.instruments.wording import BLANK_NUMBER, LEGAL_UNIT, counted

CHAIR: Final = "Qeyri-kommersiya təşkilatının təsisçilərinin Ümumi yığıncağının sədri"
SECRETARY: Final = "Qeyri-kommersiya təşkilatının təsisçilərinin Ümumi yığıncağının katibi"


@dataclass(frozen=True, kw_only=True)
class KlasterTesisProtokolu(Instrument[FoundingData]):
    """``rules`` by kind of body: quorum and votes of the founders' meeting."""

    rules: Mapping[str, BodyRules]

    def check(self, data: FoundingData) -> tuple[Fault, ...]:
        """Founders, their authority and their share of the cluster's participants (003 §3.5); chair, quorum, votes."""
        return tuple(self._faults(data))

    def _faults(self, data: FoundingData) -> Iterator[Fault]:
        yield from cluster_faults(data.cluster)
        for index, founder in enumerate(data.founders):
            yield from represented_faults(founder, f"founders[{index}]", data.held_on)
        yield from repeated_faults([f.organisation for f in data.founders], "founders[{}].organisation")
        yield from _people_faults(data)
        founding, needed = data.founding_participants(), data.participants_needed()
        if founding < needed:
            figures = {"founders": founding, "needed": needed, "participants": len(data.participants)}
            yield Fault("founding.too_few_founders", "founders", figures)
        yield from FoundersMeeting.of(self.rules, data).faults()

    def signatories(self, data: FoundingData) -> tuple[Signatory, ...]:
        """The chair, the secretary, and every other founder present, by its representative."""
        others = [f for f in data.attending() if f.representative.person.id not in (data.chair_id, data.secretary.id)]
        chair = Signatory(field=field_name(1), order=1, person_id=data.chair_id, role_label=CHAIR)
        secretary = Signatory(field=field_name(2), order=2, person_id=data.secretary.id, role_label=SECRETARY)
        founders = tuple(
            representative_signatory(f, field=field_name(n), order=3, role_label=f.organisation.full_name)
            for n, f in enumerate(others, 3)
        )
        return (chair, secretary, *founders) if data.secretary.id != data.chair_id else (chair, *founders)

    def context(
        self, data: FoundingData, registration: Registration | None = None, stand_ins: StandIns = NO_STAND_INS
    ) -> dict[str, Any]:
        people = {f.representative.person.id: f.representative.to_domain() for f in data.founders}
        people = {data.secretary.id: data.secretary.to_domain()} | people
        chair, *rows = signature_rows(self.signatories(data), people, stand_ins)
        new = data.organisation
        return {
            "line": {
                "date": long_date(data.held_on),
                "number": registration.number if registration else BLANK_NUMBER,
                "place": data.place,
            },
            "organisation": new.name,
            "present": [_attending(n, f) for n, f in enumerate(data.attending(), 1)],
            "quorum": self._quorum(data),
            "cluster": {"name": data.cluster.name, "genitive": genitive(data.cluster.name)},
            "territory": data.cluster.territory,
            "sector": data.sector,
            "chair": people[data.chair_id].name.full,
            "secretary": data.secretary.name.to_domain().full,
            "organs": ", ".join(genitive(organ) for organ in new.organs),
            "head": f"{new.head.name.to_domain().full}, {new.head_document}",
            "fee": f"{new.fee} ({number_words(new.fee)}) manat",
            "address": new.address,
            "terms": {"registration": counted(new.registration_months), "documents": counted(new.documents_months)},
            "votes": self._votes(data),
            "founders": [_founder(n, f) for n, f in enumerate(data.founders, 1)],
            "share": _share(data),
            "approver": chair,
            "signatories": rows,
        }

    def _quorum(self, data: FoundingData) -> str:
        quorum = FoundersMeeting.of(self.rules, data).quorum
        return (
            f"{counted(quorum.members)} təsisçidən {counted(quorum.attending)} təsisçinin səlahiyyətli nümayəndəsi "
            f"iştirak edir; yetərsay üçün azı {counted(quorum.needed)} təsisçinin iştirakı tələb olunur. Yığıncaq "
            "səlahiyyətlidir."
        )

    def _votes(self, data: FoundingData) -> list[dict[str, int]]:
        tallies = [d.tally for d in FoundersMeeting.of(self.rules, data).decisions()]
        return [{"in_favour": t.in_favour, "against": t.against, "abstained": t.abstained} for t in tallies]

    def sample(self) -> dict[str, Any]:
        return founding_sample()


def klaster_tesis_protokolu(rules: Mapping[str, BodyRules]) -> KlasterTesisProtokolu:
    """The instrument of 003 Əlavə 2."""
    return KlasterTesisProtokolu(
        model=FoundingData,
        id="klaster-tesis-protokolu",
        title_az="Təsisçilərin ümumi yığıncağının protokol qərarı",
        title_en="Protocol decision of the founders' general meeting",
        template="klaster-tesis-protokolu.v1",
        journal="KL-TP",
        journal_title="Təsisçilərin ümumi yığıncaqlarının protokol qərarlarının qeydiyyatı jurnalı",
        case_index="KL-01",
        sources=("003 §3.4", "003 §3.5", "003 Əlavə 2"),
        visa_units=(LEGAL_UNIT,),
        rules=rules,
    )


def _people_faults(data: FoundingData) -> Iterator[Fault]:
    """A person represents one founder, since votes are counted by name; the chair is one of those present."""
    seen: set[str] = set()
    for index, founder in enumerate(data.founders):
        person = founder.representative.person
        if person.id in seen:
            params = {"name": person.name.to_domain().full}
            yield Fault("founding.representative_repeated", f"founders[{index}].representative.person.id", params)
        seen.add(person.id)
    if data.chair_id not in {f.representative.person.id for f in data.attending()}:
        yield Fault("founding.chair", "chair_id", {"person": data.chair_id})
    elif data.secretary.id == data.chair_id:
        yield Fault("founding.secretary_is_chair", "secretary.id", {"person": data.chair_id})
    voens: set[str] = set()
    for index, participant in enumerate(data.participants):
        if participant.voen in voens:
            params = {"name": participant.name, "voen": participant.voen}
            yield Fault("organisation.repeated", f"participants[{index}].voen", params)
        voens.add(participant.voen)


def _attending(place: int, founder: FounderData) -> str:
    person = founder.representative.person
    return f"{place}. {founder.organisation.full_name} – {person.name.to_domain().full}, {person.post}"


def _founder(place: int, founder: FounderData) -> dict[str, Any]:
    organisation, representative = founder.organisation, founder.representative
    person = representative.person
    authority = representative.authority
    lines = (person.name.to_domain().full, person.post, representative.phone, representative.email)
    return {
        "no": f"{place}.",
        "name": organisation.full_name,
        "requisites": "\n".join(organisation.requisites),
        "address": organisation.address,
        "representative": "\n".join(line for line in lines if line),
        "authority": authority.text[:1].upper() + authority.text[1:],
        "document": founder.founding_document,
    }


def _share(data: FoundingData) -> str:
    """That at least half of the participants found (003 §3.5), with its figures."""
    founding = counted(data.founding_participants())
    return (
        f"Klasterin {counted(len(data.participants))} iştirakçısından {founding} iştirakçı "
        "qeyri-kommersiya təşkilatının təsisçisidir (iştirakçıların ən azı yarısı)."
    )
