"""What every cluster document names alike: the cluster, an organisation, and the person who acts for it.

VÖEN is checked by ``organisation_faults``, not by the schema, so that the message can say which number is wrong. FİN is
never among the data: it stays in the register.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, Final

from pydantic import Field

from doc_service.domain.azerbaijani import lower
from doc_service.domain.azerbaijani_cases import genitive
from doc_service.domain.errors import Fault
from doc_service.domain.identifiers import check_voen
from doc_service.domain.people import Person
from doc_service.instruments.base import Signatory
from doc_service.instruments.fields import Identifier, Line, OptionalLine, Strict
from doc_service.instruments.issuer import Issuer
from doc_service.instruments.people_data import PersonData
from doc_service.instruments.wording import cited


class AuthorityKind(StrEnum):
    """On what a person acts for an organisation (003 §4.2; Əlavə 4, §2.4)."""

    CHARTER = "charter"
    POWER = "power"
    ORDER = "order"


AUTHORITIES: Final[Mapping[AuthorityKind, str]] = {
    AuthorityKind.CHARTER: "Nizamnamə",
    AuthorityKind.POWER: "Etibarnamə",
    AuthorityKind.ORDER: "Əmr",
}
_CITED: Final[Mapping[AuthorityKind, str]] = {
    AuthorityKind.CHARTER: "nizamnamə",
    AuthorityKind.POWER: "etibarnamə",
    AuthorityKind.ORDER: "əmr",
}


class OrganisationData(Strict):
    """A legal person as forms of 003 name it: with its legal form, requisites and addresses."""

    id: Identifier = Field(title="Təşkilatın identifikatoru")
    name: Line = Field(title="Təşkilatın adı", description="Dırnaqda, təşkilati-hüquqi forması olmadan")
    legal_form: Line = Field(
        title="Təşkilati-hüquqi forması", description="Məsələn: Məhdud Məsuliyyətli Cəmiyyəti; adın ardınca yazılır"
    )
    voen: Line = Field(title="VÖEN", description="10 rəqəm")
    state_registration: OptionalLine = Field(default="", title="Dövlət qeydiyyat nömrəsi")
    legal_address: Line = Field(title="Hüquqi ünvanı")
    actual_address: OptionalLine = Field(default="", title="Faktiki ünvanı", description="Boş: hüquqi ünvanla eynidir")

    @property
    def full_name(self) -> str:
        """ "Nümunə" Məhdud Məsuliyyətli Cəmiyyəti."""
        return f"{self.name} {self.legal_form}"

    @property
    def address(self) -> str:
        """Where it is found: the actual address when it differs from the legal one."""
        return self.actual_address or self.legal_address

    @property
    def requisites(self) -> tuple[str, ...]:
        """The lines of a form's column "Rekvizitlər / dövlət qeydiyyat nömrəsi"."""
        return (f"VÖEN {self.voen}", *((f"№ {self.state_registration}",) if self.state_registration else ()))


class AuthorityData(Strict):
    """The document of authority. A charter needs no number; a power of attorney and an order do."""

    kind: AuthorityKind = Field(title="Səlahiyyət verən sənəd", description="charter, power və ya order: 003 §4.2")
    number: OptionalLine = Field(default="", title="Sənədin nömrəsi")
    issued_on: date | None = Field(default=None, title="Sənədin tarixi")
    valid_until: date | None = Field(default=None, title="Sənədin qüvvədə olduğu son gün")

    @property
    def text(self) -> str:
        """As the text cites it: "2026-cı il 3 noyabr tarixli 12 nömrəli etibarnamə", or "nizamnamə"."""
        noun = _CITED[self.kind]
        return f"{cited(self.issued_on, self.number)} {noun}" if self.issued_on and self.number else noun


class RepresentativeData(Strict):
    """The person who acts for an organisation, on what, and how to reach them."""

    person: PersonData = Field(title="Səlahiyyətli nümayəndə")
    authority: AuthorityData = Field(title="Səlahiyyət verən sənədin rekvizitləri")
    phone: OptionalLine = Field(default="", title="Əlaqə nömrəsi")
    email: OptionalLine = Field(default="", title="Elektron poçt ünvanı")

    def to_domain(self) -> Person:
        return self.person.to_domain()


class RepresentedData(Strict):
    """An organisation together with who acts for it: a founder, a member, a party to an agreement."""

    organisation: OrganisationData = Field(title="Təşkilat")
    representative: RepresentativeData = Field(title="Səlahiyyətli nümayəndə")


class ClusterData(Strict):
    """The cluster as documents name it. ``name`` ends in the words "sənaye klasteri"."""

    id: Identifier = Field(title="Klasterin identifikatoru")
    name: Line = Field(title="Sənaye klasterinin adı", description="Məsələn: Abşeron polimer sənaye klasteri")
    territory: Line = Field(title="Yerləşdirilmə ərazisi", description="Region və ya bir neçə əlaqəli region")
    product: Line = Field(title="Son sənaye məhsulu", description="Klasterin son sənaye məhsulu")


class HeadedOrganisationData(Strict):
    """An organisation that issues or signs a document, its blank, and its head: a specialised organisation, a founder,
    an executive body."""

    organisation: OrganisationData = Field(title="Təşkilat")
    head: PersonData = Field(title="Təşkilatın rəhbəri")
    place: Line = Field(title="Sənədin tərtib edildiyi yer", description="Məsələn: Sumqayıt şəhəri")
    contact: OptionalLine = Field(default="", title="Əlaqə məlumatları", description="Blankda çap olunan sətir")
    has_seal: bool = Field(default=True, title="Təşkilatın möhürü var", description="003 §2, mərhələ 2 c): varsa")

    def issuer(self) -> Issuer:
        """Its letterhead, for ``issuer_heading``."""
        return Issuer(name=self.organisation.full_name, place=self.place, contact=self.contact)


def cluster_faults(cluster: ClusterData, field: str = "cluster") -> Iterator[Fault]:
    """ "cluster.name" unless the name ends in "klasteri": every form bends that word ("… klasterinin")."""
    if not lower(cluster.name).rstrip().endswith("klasteri"):
        yield Fault("cluster.name", f"{field}.name", {"name": cluster.name})


def head_role(organisation: OrganisationData) -> str:
    """Whose head signs: "… İcra Hakimiyyətinin rəhbəri"."""
    return f"{genitive(organisation.full_name)} rəhbəri"


def nco(organisation: OrganisationData) -> str:
    """The specialised organisation as the forms of Əlavə 2 and 3 call it: "…" qeyri-kommersiya təşkilatı."""
    return f"{organisation.name} qeyri-kommersiya təşkilatı"


def span(since: date, until: date) -> str:
    """A term in a table: 12.01.2026 – 20.02.2026, or one day."""
    days = (f"{since:%d.%m.%Y}", f"{until:%d.%m.%Y}")
    return days[0] if since == until else " – ".join(days)


def organisation_faults(organisation: OrganisationData, field: str) -> Iterator[Fault]:
    """ "organisation.bad_voen"; ``field``: where the organisation lies in the data."""
    yield from check_voen(organisation.voen, f"{field}.voen")


def authority_faults(authority: AuthorityData, field: str, day: date | None = None) -> Iterator[Fault]:
    """ "authority.incomplete" for a power of attorney or order without number or date, and "authority.expired" for one
    that does not hold on ``day`` (003 §4.2)."""
    if authority.kind is AuthorityKind.CHARTER:
        return
    if not authority.number.strip() or authority.issued_on is None:
        yield Fault("authority.incomplete", field, {"kind": AUTHORITIES[authority.kind]})
    elif day is not None and not _holds(authority, day):
        params = {
            "kind": AUTHORITIES[authority.kind],
            "number": authority.number,
            "issued_on": authority.issued_on.isoformat(),
            "valid_until": authority.valid_until.isoformat() if authority.valid_until else "–",
            "day": day.isoformat(),
        }
        yield Fault("authority.expired", field, params)


def _holds(authority: AuthorityData, day: date) -> bool:
    started = authority.issued_on is not None and authority.issued_on <= day
    return started and (authority.valid_until is None or day <= authority.valid_until)


def represented_faults(represented: RepresentedData, field: str, day: date | None = None) -> Iterator[Fault]:
    """Faults of the organisation's VÖEN and of its representative's authority."""
    yield from organisation_faults(represented.organisation, f"{field}.organisation")
    yield from authority_faults(represented.representative.authority, f"{field}.representative.authority", day)


def repeated_faults(organisations: Sequence[OrganisationData], field: str) -> Iterator[Fault]:
    """ "organisation.repeated" for every organisation whose VÖEN stands before it in the list; ``field`` has the place
    in it as ``{}``, e.g. ``founders[{}].organisation``."""
    seen: set[str] = set()
    for index, organisation in enumerate(organisations):
        if organisation.voen in seen:
            params = {"name": organisation.full_name, "voen": organisation.voen}
            yield Fault("organisation.repeated", f"{field.format(index)}.voen", params)
        seen.add(organisation.voen)


def representative_signatory(represented: RepresentedData, *, field: str, order: int, role_label: str) -> Signatory:
    """The representative signs; a power of attorney or order is printed beside the name (003 §4.2)."""
    authority = represented.representative.authority
    return Signatory(
        field=field,
        order=order,
        person_id=represented.representative.person.id,
        role_label=role_label,
        basis=authority.text if authority.kind is not AuthorityKind.CHARTER else "",
        by_power=authority.kind is not AuthorityKind.CHARTER,
    )


def seal(organisation: OrganisationData, keeper: PersonData, *, field: str, order: int) -> Signatory:
    """The seal (möhür) of ``organisation``, kept by ``keeper``."""
    return Signatory(
        field=field, order=order, person_id=keeper.id, role_label=organisation.full_name, seal_voen=organisation.voen
    )


def organisation_lines(organisation: OrganisationData) -> dict[str, Any]:
    """An organisation as templates print it: ``name requisites legal actual``."""
    return {
        "name": organisation.full_name,
        "requisites": "\n".join(organisation.requisites),
        "legal": organisation.legal_address,
        "actual": organisation.address,
    }
