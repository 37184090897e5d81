"""The calendar of what a body owes, and the reminders of it (001 §5.9.2, §5.3.1, §5.6.10)."""
