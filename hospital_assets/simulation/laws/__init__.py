"""The laws of the hospital: what holds on every day, as functions that return what breaks it."""
