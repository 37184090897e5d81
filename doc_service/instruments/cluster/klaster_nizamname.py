"""``klaster-nizamname``: the charter of the specialised organisation (003 §4.6 a)–h), Əlavə 13 §8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final

from pydantic import Field

from doc_service.domain.azerbaijani import long_date
from doc_service.domain.azerbaijani_cases import genitive
from doc_service.domain.azerbaijani_numbers import number_words, ordinal
from doc_service.domain.documents import Registration
from doc_service.domain.errors import Fault
from doc_service.instruments.base import NO_STAND_INS, Instrument, Signatory, StandIns
from doc_service.instruments.cluster.common import (
    ClusterData,
    RepresentedData,
    cluster_faults,
    organisation_lines,
    repeated_faults,
    representative_signatory,
    represented_faults,
)
from doc_service.instruments.cluster.founding_meeting import Manat
from doc_service.instruments.cluster.lists import lettered
from doc_service.instruments.fields import Line, Strict
from doc_service.instruments.samples.cluster_charter import charter_sample
from doc_service.instruments.signature_table import field_name, signature_rows
from doc_service.instruments.wording import BLANK_NUMBER, LEGAL_UNIT, cited, counted

_HALF: Final = 2

Years = Annotated[int, Field(ge=1, le=10)]
Days = Annotated[int, Field(ge=1, le=90)]
Seats = Annotated[int, Field(ge=1, le=99)]


class FoundersDecisionData(Strict):
    """The protocol decision of the founders' meeting that approved the charter (Əlavə 2, 3.3)."""

    held_on: date = Field(title="Təsisçilərin ümumi yığıncağının tarixi")
    protocol: Line = Field(title="Protokol qərarının nömrəsi")


class CharterData(Strict):
    """What the charter needs beyond its fixed provisions."""

    cluster: ClusterData = Field(title="Sənaye klasteri")
    name: Line = Field(title="Təşkilatın tam adı", description="Təşkilati-hüquqi forması ilə birlikdə")
    address: Line = Field(title="Təşkilatın hüquqi ünvanı")
    place: Line = Field(title="Tərtib edildiyi yer")
    approval: FoundersDecisionData = Field(title="Nizamnamənin təsdiqi", description="003 Əlavə 2, 3.3")
    services: tuple[Line, ...] = Field(
        min_length=1, max_length=30, title="Ödənişli xidmətlər", description="003 §4.6 e)"
    )
    notice_days: Days = Field(title="Yığıncaq barədə bildiriş müddəti, gün", description="003 §4.6 a)")
    board_members: Seats = Field(title="İdarə Heyətinin üzvlərinin sayı", description="003 Əlavə 13 §7.1")
    board_participants: Seats = Field(
        title="İdarə Heyətində iştirakçıların nümayəndələrinin sayı", description="Azı 50 faiz: 003 Əlavə 13 §7.1"
    )
    head_years: Years = Field(title="Rəhbərin səlahiyyət müddəti, il", description="003 §4.6 f)")
    fee: Manat = Field(title="Birdəfəlik üzvlük haqqı, manat", description="003 Əlavə 2, 3.8")
    founders: tuple[RepresentedData, ...] = Field(min_length=1, max_length=500, title="Təsisçilər")


@dataclass(frozen=True, kw_only=True)
class KlasterNizamname(Instrument[CharterData]):
    def check(self, data: CharterData) -> tuple[Fault, ...]:
        """Founders and their authority on the day of approval; half of the board are participants (Əlavə 13 §7.1)."""
        return tuple(self._faults(data))

    def _faults(self, data: CharterData) -> Iterator[Fault]:
        yield from cluster_faults(data.cluster)
        for index, founder in enumerate(data.founders):
            yield from represented_faults(founder, f"founders[{index}]", data.approval.held_on)
        yield from repeated_faults([f.organisation for f in data.founders], "founders[{}].organisation")
        seen: set[str] = set()
        for index, founder in enumerate(data.founders):
            person = founder.representative.person
            if person.id in seen:
                params = {"name": person.name.to_domain().full}
                yield Fault("founding.representative_repeated", f"founders[{index}].representative.person.id", params)
            seen.add(person.id)
        seats = {"members": data.board_members, "participants": data.board_participants}
        if data.board_participants > data.board_members:
            yield Fault("charter.board_exceeded", "board_participants", seats)
        elif data.board_participants * _HALF < data.board_members:
            yield Fault("charter.board_share", "board_participants", seats)

    def signatories(self, data: CharterData) -> tuple[Signatory, ...]:
        """Every founder, by its representative, all together (003 §4.6, Əlavə 13 §8)."""
        return tuple(
            representative_signatory(f, field=field_name(n), order=1, role_label=f.organisation.full_name)
            for n, f in enumerate(data.founders, 1)
        )

    def context(
        self, data: CharterData, registration: Registration | None = None, stand_ins: StandIns = NO_STAND_INS
    ) -> dict[str, Any]:
        people = {f.representative.person.id: f.representative.to_domain() for f in data.founders}
        return {
            "line": {"number": registration.number if registration else BLANK_NUMBER, "place": data.place},
            "approved": [
                "Təsisçilərin ümumi yığıncağının",
                f"{long_date(data.approval.held_on)} tarixli",
                f"{data.approval.protocol} nömrəli protokol qərarı ilə",
            ],
            "approval": cited(data.approval.held_on, data.approval.protocol),
            "name": data.name,
            "year": f"{ordinal(data.approval.held_on.year)} il",
            "cluster": {"name": data.cluster.name, "genitive": genitive(data.cluster.name)},
            "territory": data.cluster.territory,
            "product": data.cluster.product,
            "address": data.address,
            "services": lettered(data.services),
            "notice": counted(data.notice_days),
            "board": {"members": counted(data.board_members), "participants": counted(data.board_participants)},
            "head_term": counted(data.head_years),
            "fee": f"{data.fee} ({number_words(data.fee)}) manat",
            "founders": [{"no": n, **organisation_lines(f.organisation)} for n, f in enumerate(data.founders, 1)],
            "signatories": signature_rows(self.signatories(data), people, stand_ins),
        }

    def sample(self) -> dict[str, Any]:
        return charter_sample()


def klaster_nizamname() -> KlasterNizamname:
    """The instrument of 003 §4.6, Əlavə 13 §8."""
    return KlasterNizamname(
        model=CharterData,
        id="klaster-nizamname",
        title_az="İxtisaslaşdırılmış təşkilatın nizamnaməsi",
        title_en="Charter of the specialised organisation",
        template="klaster-nizamname.v1",
        journal="KL-NZ",
        journal_title="İxtisaslaşdırılmış təşkilatların nizamnamələrinin qeydiyyatı jurnalı",
        case_index="KL-01",
        sources=("003 §4.5", "003 §4.6", "003 Əlavə 13 §8"),
        visa_units=(LEGAL_UNIT,),
    )
