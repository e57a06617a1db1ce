"""The laws on people: papers, kin, and nothing before its time."""

import polars as pl

from hospital_assets.simulation.frames import Frames
from hospital_assets.simulation.laws.law import Law
from hospital_assets.simulation.parameters import Parameters
from hospital_assets.simulation.people.id_numbers import luhn_check_digit


def _valid_id_numbers(frames: Frames, _: Parameters) -> pl.DataFrame:
    people = frames["people"].filter(pl.col("id_number").is_not_null())
    digits = people["id_number"].cast(pl.Int64).to_numpy()
    luhn = pl.Series(luhn_check_digit(digits // 10) == digits % 10)
    serial = pl.col("id_number").str.slice(6, 4).cast(pl.Int32)
    resident = pl.col("citizenship").cast(pl.String) == "permanent_resident"
    fits = (
        (pl.col("id_number").str.slice(0, 6) == pl.col("date_of_birth").dt.strftime("%y%m%d"))
        & ((pl.col("sex").cast(pl.String) == "female") == (serial < 5000))
        & (
            pl.col("id_number").str.slice(10, 1)
            == pl.when(resident).then(pl.lit("1")).otherwise(pl.lit("0"))
        )
        & (pl.col("id_number").str.slice(11, 1) == "9")
    )
    return people.filter(~(fits & luhn))


def _unique(column: str) -> pl.Expr:
    return pl.col("person_id").n_unique().over(column) > 1


def _unique_papers(frames: Frames, _: Parameters) -> pl.DataFrame:
    people = frames["people"]
    shared = [
        people.filter(pl.col(column).is_not_null()).filter(_unique(column))
        for column in ("id_number", "phone")
    ]
    foreign = people.filter(pl.col("passport_number").is_not_null())
    same = pl.col("person_id").n_unique().over("nationality", "passport_number") > 1
    return pl.concat([*shared, foreign.filter(same)])


def _papers_by_standing(frames: Frames, _: Parameters) -> pl.DataFrame:
    standing = pl.col("citizenship").cast(pl.String)
    has_id, has_passport = (
        pl.col("id_number").is_not_null(),
        pl.col("passport_number").is_not_null(),
    )
    fits = (
        (has_id == standing.is_in(["citizen", "permanent_resident"]))
        & (has_passport == (standing == "foreign_national"))
        & ((standing == "citizen") == (pl.col("nationality") == "ZAF"))
    )
    return frames["people"].filter(~fits)


def _kin(frames: Frames, _: Parameters) -> pl.DataFrame:
    kin, relation = pl.col("next_of_kin_id"), pl.col("next_of_kin_relationship").cast(pl.String)
    is_mother = (relation == "mother") & (kin != pl.col("mother_id")).fill_null(True)
    return frames["people"].filter(
        (kin.is_null() != relation.is_null())
        | (kin == pl.col("person_id"))
        | (pl.col("mother_id") == pl.col("person_id"))
        | is_mother
    )


def _born_before(frames: Frames, _: Parameters) -> pl.DataFrame:
    return frames["people"].filter(
        (pl.col("date_of_birth") > pl.col("record_date"))
        | (pl.col("registration_date") < pl.col("date_of_birth"))
        | (pl.col("deceased_on") < pl.col("date_of_birth"))
    )


def _no_future(frames: Frames, _: Parameters) -> pl.DataFrame:
    return frames["people"].filter(
        (pl.col("registration_date") > pl.col("record_date"))
        | (pl.col("deceased_on") > pl.col("record_date"))
    )


PEOPLE_LAWS = (
    Law("valid_id_numbers",
        "ID numbers carry the date of birth, the sex, the standing and the mark of synthetic ones,"
        " and their check digit fits (Luhn).",
        ("people",), _valid_id_numbers),
    Law("unique_papers", "No two people share an ID number, a passport or a phone.",
        ("people",), _unique_papers),
    Law("papers_by_standing",
        "Citizens and permanent residents have an ID number, other foreigners a passport or none.",
        ("people",), _papers_by_standing),
    Law("kin", "The next of kin is somebody else, and the mother where it says so.",
        ("people",), _kin),
    Law("born_before", "Nobody is registered or dies before being born.",
        ("people",), _born_before),
    Law("no_future", "Nothing is recorded before it has happened.",
        ("people",), _no_future),
)  # fmt: skip
