"""What goes over the wire, and its way to and from the domain: nowhere else is one translated into the other.

Names are snake_case, moments ISO 8601 with an offset, digests lower-case hexadecimal. States carry their names in both
languages. A FİN or an address is shown to whoever keeps or audits the register and to nobody else (002 §7.1.11).
"""
