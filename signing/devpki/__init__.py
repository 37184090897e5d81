"""A development PKI that makes itself at first start: never trusted in production, and says so in every name.

``signing.devpki.server`` is imported apart from this package because it pulls in the OCSP, CRL and TSA services.
"""

from signing.devpki.pki import DevelopmentPki, IssuedKey
from signing.devpki.profiles import Holder, KeyType, Profile
from signing.devpki.register import Reason

__all__ = ["DevelopmentPki", "Holder", "IssuedKey", "KeyType", "Profile", "Reason"]
