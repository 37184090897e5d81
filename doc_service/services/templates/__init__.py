"""The secretariat's own templates: upload, check, preview, activation."""
