"""The people of the city: births, kin, households, conditions and deaths, all from a number."""
