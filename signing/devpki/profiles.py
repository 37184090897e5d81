"""Certificates of the development PKI, modelled on the national ones (SİMA): what goes into them and who signs.

The issuing CA signs with P-384 and SHA-384; a person's certificate carries the FİN as subject serialNumber, key usage
digitalSignature and nonRepudiation, and says where OCSP and CRL are (RFC 5280).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID as Access
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from signing.trust import DEVELOPMENT_POLICY_OID

MARK = "İNKİŞAF MÜHİTİ"
PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
_UB_NAME = 64


class KeyType(StrEnum):
    P256 = "P-256"
    P384 = "P-384"
    RSA2048 = "RSA-2048"


def new_key(kind: KeyType) -> PrivateKey:
    """A fresh private key from the operating system's randomness."""
    if kind is KeyType.RSA2048:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ec.generate_private_key(ec.SECP256R1() if kind is KeyType.P256 else ec.SECP384R1())


@dataclass(frozen=True, slots=True)
class Holder:
    """A person as the certificate names them; ``patronymic`` with "oğlu"/"qızı" where used."""

    fin: str
    surname: str
    given: str
    patronymic: str = ""
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """How a certificate departs from the ordinary: another ``label`` is another certificate of the same holder.
    ``not_before``/``not_after``: UTC, None for the PKI's own choice. ``include_fin``: False leaves serialNumber out."""

    label: str = ""
    key_type: KeyType = KeyType.P256
    not_before: datetime | None = None
    not_after: datetime | None = None
    include_fin: bool = True


@dataclass(frozen=True, slots=True)
class Urls:
    """Addresses written into certificates; all on the loopback interface."""

    base: str

    @property
    def ocsp(self) -> str:
        return f"{self.base}/ocsp"

    @property
    def tsa(self) -> str:
        return f"{self.base}/tsa"

    def crl(self, issuer: str) -> str:
        return f"{self.base}/crl/{issuer}.crl"

    def certificate(self, issuer: str) -> str:
        return f"{self.base}/certs/{issuer}.crt"


def az_upper(text: str) -> str:
    """Capitals of Azerbaijani: i → İ and ı → I, which ``str.upper`` gets wrong."""
    return text.replace("i", "İ").replace("ı", "I").upper()


def _fit(text: str) -> str:
    """At most 64 bytes of UTF-8: RFC 5280 A.1 bounds commonName and organizationName by 64 characters, and
    ``cryptography`` counts bytes."""
    data = text.encode()
    if len(data) <= _UB_NAME:
        return text
    return data[: _UB_NAME - len("…".encode())].decode(errors="ignore").rstrip() + "…"


def _name(parts: Sequence[tuple[x509.ObjectIdentifier, str]]) -> x509.Name:
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts if value])


def authority_name(role: str, identity: str) -> x509.Name:
    """Names that cannot be taken for real ones; ``identity`` keeps two development PKIs apart."""
    return _name(
        [
            (NameOID.COUNTRY_NAME, "AZ"),
            (NameOID.ORGANIZATION_NAME, f"{MARK} – etibarsız sınaq mərkəzi"),
            (NameOID.COMMON_NAME, f"{MARK} – Test {role} {identity}"),
        ]
    )


def person_common_name(holder: Holder) -> str:
    """ "SURNAME NAME PATRONYMIC" in capitals."""
    return _fit(az_upper(" ".join(part for part in (holder.surname, holder.given, holder.patronymic) if part)))


def person_name(holder: Holder, *, include_fin: bool) -> x509.Name:
    return _name(
        [
            (NameOID.COUNTRY_NAME, "AZ"),
            (NameOID.ORGANIZATION_NAME, _fit(holder.organisation)),
            (NameOID.COMMON_NAME, person_common_name(holder)),
            (NameOID.SURNAME, _fit(az_upper(holder.surname))),
            (NameOID.GIVEN_NAME, _fit(az_upper(holder.given))),
            (NameOID.SERIAL_NUMBER, holder.fin if include_fin else ""),
        ]
    )


def seal_name(voen: str, organisation: str) -> x509.Name:
    """A legal person: VÖEN as organizationIdentifier (ETSI EN 319 412-1 §5.1.4: "VAT" + country + "-" + number)."""
    return _name(
        [
            (NameOID.COUNTRY_NAME, "AZ"),
            (NameOID.ORGANIZATION_NAME, _fit(organisation)),
            (NameOID.ORGANIZATION_IDENTIFIER, f"VATAZ-{voen}"),
            (NameOID.COMMON_NAME, _fit(organisation)),
        ]
    )


@dataclass(frozen=True, slots=True)
class Signer:
    """A CA: its name, key, and the word that its CRL and certificate addresses use."""

    name: x509.Name
    key: ec.EllipticCurvePrivateKey
    slug: str


@dataclass(frozen=True, slots=True)
class Request:
    """What one certificate shall say. ``usage``: names of ``x509.KeyUsage`` arguments that are true."""

    subject: x509.Name
    public_key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey
    not_before: datetime
    not_after: datetime
    usage: frozenset[str]
    ca_path_length: int | None = None
    is_ca: bool = False


_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)
CA_USAGE = frozenset({"key_cert_sign", "crl_sign"})
SIGNER_USAGE = frozenset({"digital_signature", "content_commitment"})
SERVICE_USAGE = frozenset({"digital_signature"})


def build(
    request: Request, signer: Signer, urls: Urls, *, extra: Sequence[tuple[x509.ExtensionType, bool]] = ()
) -> x509.Certificate:
    """Signs ``request`` with SHA-384. A certificate of another subject than the signer says where the signer's CRL,
    certificate and (for the issuing CA) OCSP responder are."""
    self_signed = request.subject == signer.name
    builder = (
        x509.CertificateBuilder()
        .subject_name(request.subject)
        .issuer_name(signer.name)
        .public_key(request.public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(request.not_before)
        .not_valid_after(request.not_after)
        .add_extension(x509.BasicConstraints(request.is_ca, request.ca_path_length), critical=True)
        .add_extension(x509.KeyUsage(**{name: name in request.usage for name in _USAGES}), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(request.public_key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.key.public_key()), critical=False)
        .add_extension(_development_policy(), critical=False)
    )
    for extension, critical in extra:
        builder = builder.add_extension(extension, critical=critical)
    if not self_signed:
        builder = builder.add_extension(_crl_address(urls, signer), critical=False)
        builder = builder.add_extension(_access(urls, signer), critical=False)
    return builder.sign(signer.key, hashes.SHA384())


def _development_policy() -> x509.CertificatePolicies:
    return x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier(DEVELOPMENT_POLICY_OID), None)])


def _crl_address(urls: Urls, signer: Signer) -> x509.CRLDistributionPoints:
    where = x509.UniformResourceIdentifier(urls.crl(signer.slug))
    return x509.CRLDistributionPoints([x509.DistributionPoint([where], None, None, None)])


def _access(urls: Urls, signer: Signer) -> x509.AuthorityInformationAccess:
    places = [(Access.CA_ISSUERS, urls.certificate(signer.slug))]
    if signer.slug == "issuing":
        places.insert(0, (Access.OCSP, urls.ocsp))
    return x509.AuthorityInformationAccess(
        [x509.AccessDescription(method, x509.UniformResourceIdentifier(url)) for method, url in places]
    )


TSA_EXTRA: tuple[tuple[x509.ExtensionType, bool], ...] = (
    (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True),
)
"""RFC 3161 §2.3: the extension must be critical and name time stamping alone."""
OCSP_EXTRA: tuple[tuple[x509.ExtensionType, bool], ...] = (
    (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), False),
    (x509.OCSPNoCheck(), False),
)
"""RFC 6960 §4.2.2.2: a delegated responder, not itself checked for revocation."""
