"""Instruments of record keeping, for every body and cluster (INSTRUMENTS §3, 29–31)."""
