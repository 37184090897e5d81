"""Certified copies and extracts: issuing, printing, and the public check (INSTRUMENTS §4)."""
