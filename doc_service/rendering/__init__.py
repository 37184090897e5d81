"""DOCX filling in a sandbox and conversion to tagged PDF/A-3b."""
