"""The application package of a cluster: its papers, its inventory, its container (003 §2, §6)."""
