"""Fault tests: a flock of documents goes its whole way through the production parts while something breaks."""
