"""Instruments of the Coordination Group beside those of a meeting, and the nomenclature of cases."""
