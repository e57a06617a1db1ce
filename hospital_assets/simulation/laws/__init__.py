"""The laws of the hospital: what holds on every day, as functions that return what breaks them."""

from hospital_assets.simulation.laws import patients, people, staff
from hospital_assets.simulation.laws.law import Frames, Law

LAWS = (*people.LAWS, *staff.LAWS, *patients.LAWS)

__all__ = ["LAWS", "Frames", "Law"]
