"""The pure core: every record of any day as a function of seed, parameters and date.

It reads no file, no clock and no random state; it knows nothing of Dagster, the lake or PostgreSQL.
"""

from hospital_assets.simulation.frames import Frames
from hospital_assets.simulation.hospital import Hospital
from hospital_assets.simulation.parameters import Parameters
from hospital_assets.simulation.people.words import Words

__all__ = ["Frames", "Hospital", "Parameters", "Words"]
