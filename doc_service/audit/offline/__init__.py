"""What travels with an export: the verifier that needs nothing of the service."""
