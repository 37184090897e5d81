"""Invented but plausible data of every instrument: the persons and events here do not exist."""
