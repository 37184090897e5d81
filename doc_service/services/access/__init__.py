"""Use cases of accounts, sessions and login."""
