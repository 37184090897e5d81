"""Driving the ways to sign: start, ask, resume, complete."""
