"""Texts that several records look up by a number."""

from functools import lru_cache

import polars as pl

from hospital_assets.simulation.hospital import Hospital
from hospital_assets.simulation.stays.bed_names import bed_names


# Made of the parameters alone, and asked for by every record.
@lru_cache(maxsize=1)
def bed_series(hospital: Hospital) -> tuple[pl.Series, pl.Series]:
    """Return ward and name of each bed, by its number."""
    parameters = hospital.parameters
    return bed_names(
        parameters.inpatients.beds.pools,
        parameters.departments,
        parameters.encounters.beds_per_ward,
    )


@lru_cache(maxsize=1)
def code_series(hospital: Hospital) -> tuple[pl.Series, pl.Series]:
    """Return ICD-10 code and meaning of each diagnosis, by its place in `hospital.diagnoses`."""
    mix = hospital.stay_model.mix
    titles = {**hospital.parameters.icd10, **dict(zip(mix.codes, mix.names, strict=True))}
    codes = hospital.diagnoses.codes
    return pl.Series(codes), pl.Series([titles[code] for code in codes])
