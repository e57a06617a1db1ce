"""Dagster's own instance: its storage, the days in its history, and runs without a process."""
