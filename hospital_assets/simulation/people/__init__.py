"""Everybody in the master index, by rank."""
