"""The registry as a spreadsheet: written, and read again."""
