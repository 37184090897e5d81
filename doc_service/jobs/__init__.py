"""Transactional outbox: leases and the in-process runner."""
