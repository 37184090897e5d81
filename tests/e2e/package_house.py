"""Every paper that the stage table asks for, made from its instrument in a small real cluster (003 §2)."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pikepdf
from PIL import Image

from doc_service.bootstrap.seals import DEVELOPMENT_NAME, DEVELOPMENT_VOEN
from doc_service.domain.documents import Document
from doc_service.domain.organisations import Organisation
from doc_service.domain.people import PersonRecord
from doc_service.domain.registration import Journal
from doc_service.instruments.registry import default_registry
from doc_service.instruments.samples.cluster import executive, head, organisation
from doc_service.services.clusters.form_data import cited_document
from signing.api import Level
from tests.services.cluster_house import CLUSTER, FOUNDERS, ClusterHouse, today
from tests.services.conftest import SECRETARIAT

PLACE = "Sumqayıt şəhəri"
KEPT_LONGEST = ("klaster-funksional-xerite", "klaster-inkisaf-proqrami")
"""Extended to B-LTA; the others stay at B-T, which costs half the time."""


def sample(instrument: str) -> dict[str, Any]:
    return default_registry().get(instrument).sample()


@dataclass
class PackageHouse(ClusterHouse):
    """Two founders, one specialised organisation, two executive bodies. ``made``: what is signed, by instrument."""

    made: dict[str, Document] = field(default_factory=dict)

    def ready(self) -> None:
        """The registers that the papers need, and the secretariat that certifies copies."""
        self.founded()
        use = self.service.container.use_cases
        others = [sample("klaster-tesis-protokolu")["secretary"], executive(1)["head"], executive(2)["head"]]
        for number, person in enumerate(others, 50):
            use.record_person(PersonRecord(self._person(person, number)), SECRETARIAT)
        keeper = self.service.scenario.body.secretary
        use.record_person(PersonRecord(keeper), SECRETARIAT)
        house = Organisation("kobia", DEVELOPMENT_NAME, DEVELOPMENT_VOEN, "", "Bakı", "Bakı", "", "", "", keeper.id)
        use.record_organisation(house, SECRETARIAT)
        for code in ("SR", "KL-SP"):
            use.open_journal(Journal(code, f"{code} qeydiyyatı jurnalı", "APK"), SECRETARIAT)

    def make(self, instrument: str, name: str = "", **changes: Any) -> Document:
        """The sample with ``changes``, from draft to archive."""
        document = self.signed(name or instrument, instrument, {**sample(instrument), **changes})
        self.made[instrument] = document
        return document

    def drafted(self, name: str, instrument: str, data: dict[str, Any]) -> str:
        super().drafted(name, instrument, data)
        if instrument in KEPT_LONGEST:
            with self.service.container.work.uow() as uow:
                uow.documents.save(replace(uow.documents.get(name), final_level=str(Level.B_LTA)))
                uow.commit()
        return name

    def work(self) -> None:
        self.service.container.runner.run_until_idle(timedelta(seconds=180))

    def papers(self) -> Iterator[tuple[str, Callable[[], object]]]:
        """What makes each item of the table, in an order in which each can cite what came before."""
        yield "tesis-protokolu", self.founders_protocol
        yield "tesiscilerin-senedleri", lambda: self.file("tesiscilerin-senedleri", sheets(3))
        yield "dovlet-reyestrinden-cixaris", lambda: self.file("dovlet-reyestrinden-cixaris", sheets(1))
        yield "nizamname", self.charter
        yield "imza-numuneleri", lambda: self.file("imza-numuneleri", picture())
        yield "istirak-sazisi", self.participation_agreement
        yield "reyestr", self.registry
        yield "istismar-aktlari", lambda: self.file("istismar-aktlari", sheets(2))
        yield "anketler", lambda: [self.questionnaire(place) for place in FOUNDERS]
        yield "umumi-yigincaq-protokolu", self.general_meeting
        yield "funksional-xerite", lambda: self.approved("klaster-funksional-xerite")
        yield "inkisaf-proqrami", lambda: self.approved("klaster-inkisaf-proqrami")
        yield "mehsuldarliq-materiallari", lambda: self.file("mehsuldarliq-materiallari", sheets(4))
        yield "it-fealiyyeti", lambda: self.approved("klaster-tedbirler-plani")
        yield "yaradilma-sazisi", self.founding_agreement
        yield "pasport", self.passport
        yield "uygunluq-erizesi", self.compliance_application
        yield "icra-orqani-mektubu", self.executive_letter
        yield "portal-materiallari", self.portal

    def file(self, item: str, content: bytes) -> None:
        """A paper of somebody else."""
        self.use.keep_file("cluster", CLUSTER, item, f"{item}.pdf", content, SECRETARIAT)

    def cited(self, instrument: str) -> dict[str, Any]:
        """Number, date and digest of what was made."""
        document = self.made[instrument]
        assert document.head is not None
        return cited_document(document, document.head.sha256)

    def number(self, instrument: str) -> str:
        return str(self.cited(instrument)["number"])

    # One method a paper of the table.

    def founders_protocol(self) -> None:
        raw = sample("klaster-tesis-protokolu")
        voters = [head(place)["id"] for place in FOUNDERS]
        votes = {"votes": [{"voter_id": v, "choice": "for"} for v in voters]}
        founders = [raw["founders"][place - 1] for place in FOUNDERS]
        self.make(
            "klaster-tesis-protokolu", founders=founders, participants=raw["participants"][: len(FOUNDERS)],
            items=[votes] * 4, held_on=today().isoformat(),
        )  # fmt: skip

    def participation_agreement(self) -> None:
        self.made["klaster-istirak-sazisi"] = self.service.document(self.agreement())

    def charter(self) -> None:
        raw = sample("klaster-nizamname")
        approval = {"held_on": today().isoformat(), "protocol": self.number("klaster-tesis-protokolu")}
        self.make("klaster-nizamname", founders=[raw["founders"][p - 1] for p in FOUNDERS], approval=approval)

    def registry(self) -> None:
        self.use.renew_registry(CLUSTER, "ilk nəşr", SECRETARIAT)
        draft = self.use.registry_draft(CLUSTER, 1, PLACE)
        document = self.make("klaster-reyestr", **{**dict.fromkeys(("previous", "changes")), **draft})
        self.use.publish_edition(CLUSTER, document.id, SECRETARIAT)

    def questionnaire(self, place: int) -> None:
        self.make("klaster-anket", f"anket-{place}", organisation=organisation(place), head=head(place))

    def general_meeting(self) -> None:
        """§5.2: the meeting that approves map and programme, agreed with the executive body before."""
        record = self.meeting(("functional_map", 1, True), ("programme", 1, True))
        topics = [{**t, "organisation": None, "agreed_on": today().isoformat()} for t in record["topics"]]
        self.make("klaster-umumi-yigincaq-protokolu", **{**record, "topics": topics})

    @property
    def approval(self) -> dict[str, str]:
        number = self.number("klaster-umumi-yigincaq-protokolu")
        return {"held_on": today().isoformat(), "protocol": number}

    def approved(self, instrument: str) -> None:
        """Plan, map and programme carry the meeting's date and the number of its protocol."""
        self.make(instrument, approval=self.approval)

    def founding_agreement(self) -> None:
        self.make(
            "klaster-yaradilmasi-sazisi", approval=self.approval, consent=self.approval,
            concluded_on=today().isoformat(), functional_map=self.cited("klaster-funksional-xerite"),
        )  # fmt: skip

    def passport(self) -> None:
        self.make("klaster-pasport")

    def compliance_application(self) -> None:
        self.make("klaster-uygunluq-erizesi", passport=self.cited("klaster-pasport"))

    def executive_letter(self) -> None:
        self.make("icra-orqani-mektubu", functional_map=self.cited("klaster-funksional-xerite"))

    def portal(self) -> None:
        self.make("portal-istinad-materiallari")


def sheets(count: int) -> bytes:
    """A scanned paper of others: so many pages."""
    pdf, out = pikepdf.new(), io.BytesIO()
    for _ in range(count):
        pdf.add_blank_page(page_size=(595, 842))
    pdf.save(out)
    return out.getvalue()


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "PNG")
    return out.getvalue()
