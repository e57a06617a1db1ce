"""The names of beds and wards."""

import polars as pl

from hospital_assets.simulation.parameters.beds import BedPool
from hospital_assets.simulation.parameters.departments import Department


def bed_names(
    pools: tuple[BedPool, ...], departments: tuple[Department, ...], beds_per_ward: int
) -> tuple[pl.Series, pl.Series]:
    """Return the ward (such as SU-W2) and the name (such as SU-047) of each bed, by its number.

    Beds and wards count within a department. A ward is of one pool, where women and men lie apart
    of one sex, and as large as the others of its kind.
    """
    codes = {department.name: department.code for department in departments}
    wards: list[str] = []
    beds: list[str] = []
    last_ward, last_bed = dict.fromkeys(codes.values(), 0), dict.fromkeys(codes.values(), 0)
    for pool in pools:
        code = codes[pool.department]
        for part in _parts(pool):
            count = -(-part // beds_per_ward)
            for place in range(part):
                wards.append(f"{code}-W{last_ward[code] + 1 + place * count // part}")
                last_bed[code] += 1
                beds.append(f"{code}-{last_bed[code]:03d}")
            last_ward[code] += count
    return pl.Series(wards, dtype=pl.String), pl.Series(beds, dtype=pl.String)


def _parts(pool: BedPool) -> list[int]:
    """Return the beds of women and of men where these lie apart, else all."""
    if pool.women_share is None:
        return [pool.beds]
    women = round(pool.beds * pool.women_share)
    return [women, pool.beds - women]
