"""An industrial cluster: its computed figures, registers and founding path (003)."""
