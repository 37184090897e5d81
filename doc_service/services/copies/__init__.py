"""Certified copies and extracts: issuing, printing, and the public check (004 §5.1.3)."""
