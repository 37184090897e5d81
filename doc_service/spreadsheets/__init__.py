"""XLSX and CSV."""
