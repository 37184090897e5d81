"""Back-up of the database with a manifest of the archive, and the way back."""
