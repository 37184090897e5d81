"""How an organisation joins a cluster, step by step (003 Əlavə 4 §3.5)."""
