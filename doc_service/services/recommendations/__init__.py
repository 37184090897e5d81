"""What becomes of recommendations, and the appeal after one that was not heeded (001 §3.1.1)."""
