"""Texts of error codes in Azerbaijani and English."""
