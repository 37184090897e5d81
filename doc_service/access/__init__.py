"""Adapters of accounts: password hashing, one-time passwords, outside identity providers."""
