"""Instruments of an industrial cluster (003)."""
