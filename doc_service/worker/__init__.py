"""Processes that do background work on any number of machines: Celery workers, and the beat that asks for it."""
