"""PAdES signing and validation behind vendor-free contracts (see ``signing.api``)."""
