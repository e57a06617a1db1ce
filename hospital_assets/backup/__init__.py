"""Backups: a folder that holds a whole hospital, and the way back into an empty installation.

The batch files are not in it. The simulation makes them again byte for byte, and their manifests
say whether it did.
"""
