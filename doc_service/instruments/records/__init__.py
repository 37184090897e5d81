"""Instruments of record keeping, for every body and cluster (004 §5.1)."""
