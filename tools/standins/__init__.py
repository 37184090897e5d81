"""Plain stand-ins of outside services for tests and demonstrations: they say so, and hold no real key."""
