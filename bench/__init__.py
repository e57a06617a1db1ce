"""Benchmarks: each prints both sides and their ratio, measured in turn in one run."""
