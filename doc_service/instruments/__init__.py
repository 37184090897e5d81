"""Instruments: typed data, pure context builders, who signs, which journal."""
