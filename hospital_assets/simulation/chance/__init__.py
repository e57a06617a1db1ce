"""Draws without a generator: each is a hash of its place."""
