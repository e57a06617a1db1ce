"""The laws on people: valid and unique ID numbers, and nothing before its time."""

import polars as pl

from hospital_assets.simulation.frames import Frames
from hospital_assets.simulation.laws.law import Law
from hospital_assets.simulation.parameters import Parameters
from hospital_assets.simulation.people.id_numbers import luhn_check_digit


def _valid_id_numbers(frames: Frames, _: Parameters) -> pl.DataFrame:
    people = frames["people"]
    digits = people["id_number"].cast(pl.Int64).to_numpy()
    luhn = pl.Series(luhn_check_digit(digits // 10) == digits % 10)
    serial = pl.col("id_number").str.slice(6, 4).cast(pl.Int32)
    fits = (
        (pl.col("id_number").str.slice(0, 6) == pl.col("date_of_birth").dt.strftime("%y%m%d"))
        & ((pl.col("sex").cast(pl.String) == "female") == (serial < 5000))
        & (pl.col("id_number").str.slice(10, 2) == "08")
    )
    return people.filter(~(fits & luhn))


def _unique_id_numbers(frames: Frames, _: Parameters) -> pl.DataFrame:
    owners = frames["people"].group_by("id_number").agg(pl.col("person_id").n_unique())
    return owners.filter(pl.col("person_id") > 1)


def _born_before(frames: Frames, _: Parameters) -> pl.DataFrame:
    return frames["people"].filter(
        (pl.col("date_of_birth") >= pl.col("record_date"))
        | (pl.col("registration_date") <= pl.col("date_of_birth"))
    )


def _no_future(frames: Frames, _: Parameters) -> pl.DataFrame:
    return frames["people"].filter(
        (pl.col("registration_date") > pl.col("record_date"))
        | (pl.col("deceased_on") > pl.col("record_date"))
    )


PEOPLE_LAWS = (
    Law("valid_id_numbers",
        "ID numbers carry the date of birth and the sex, and their check digit fits (Luhn).",
        ("people",), _valid_id_numbers),
    Law("unique_id_numbers", "No two people share an ID number.",
        ("people",), _unique_id_numbers),
    Law("born_before", "Everybody is born before the day, and before being digitised.",
        ("people",), _born_before),
    Law("no_future", "Nothing is recorded before it has happened.",
        ("people",), _no_future),
)  # fmt: skip
