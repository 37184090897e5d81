"""Dispatch of documents and proof of their delivery (004 §5.1.8–5.1.9)."""
