"""The development PKI for this folder, also when it runs alone."""

from tests.pki_fixtures import dev_pki, foreign_pki, session_pki

__all__ = ["dev_pki", "foreign_pki", "session_pki"]
