"""The parameters of the hospital, and what makes them impossible.

Plain frozen dataclasses: whoever reads a config file validates it against these types (an unknown
key is refused, see `__pydantic_config__`); what a type cannot say is checked after construction.
Shares and probabilities are between 0 and 1, durations in the unit that their name says.
"""

from hospital_assets.simulation.parameters.hospital import Parameters
from hospital_assets.simulation.parameters.population import PopulationRules
from hospital_assets.simulation.parameters.staffing import (
    SHIFT_PATTERN_FREE,
    Cycle,
    Role,
    Staffing,
)
from hospital_assets.simulation.parameters.stays import Department

__all__ = [
    "SHIFT_PATTERN_FREE",
    "Cycle",
    "Department",
    "Parameters",
    "PopulationRules",
    "Role",
    "Staffing",
]
