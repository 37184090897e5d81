"""Building blocks of the DOCX templates: page, styles, letterhead, tables, signature blocks."""
