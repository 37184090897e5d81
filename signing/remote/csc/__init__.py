"""Remote signing services that speak the API of the Cloud Signature Consortium, versions 2 and 1.0.4.

Clauses in this package are those of the specification "Architectures and protocols for remote signature applications",
version 2.0.0.2, unless 1.0.4 is named.
"""
