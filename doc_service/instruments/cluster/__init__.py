"""Instruments of an industrial cluster (003; INSTRUMENTS §3, 10–28)."""
