"""The parameters of the hospital, and what makes them impossible.

Plain frozen dataclasses: whoever reads a config file validates it against these types (an unknown
key is refused, see `__pydantic_config__`); what a type cannot say is checked after construction.
Shares and probabilities are between 0 and 1, durations in the unit that their name says.
"""

from hospital_assets.simulation.parameters.hospital import Parameters
from hospital_assets.simulation.parameters.staffing import Staffing

__all__ = ["Parameters", "Staffing"]
