"""Clusters: who takes part, what is there, what is missing."""
