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


def _unique_papers(frames: Frames, _: Parameters) -> pl.DataFrame:
    people = frames["people"]
    known = people.filter(pl.col("id_number").is_not_null())
    shared = pl.col("person_id").n_unique().over("id_number") > 1
    foreign = people.filter(pl.col("passport_number").is_not_null())
    same = pl.col("person_id").n_unique().over("nationality", "passport_number") > 1
    return pl.concat([known.filter(shared), foreign.filter(same)])


def _phones_of_kin(frames: Frames, _: Parameters) -> pl.DataFrame:
    """Return people with one phone who aren't its holder and those who name the holder as kin.

    The holder is the first of them, or whom the first one names.
    """
    reached = frames["people"].with_columns(
        pl.col("person_id", "next_of_kin_id")
        .first()
        .over("record_date", "phone")
        .name.prefix("of_")
    )

    def all_reach(holder: str) -> pl.Expr:
        own, kin = pl.col("person_id"), pl.col("next_of_kin_id")
        reach = (own == pl.col(holder)) | (kin == pl.col(holder)).fill_null(False)
        return reach.fill_null(False).all().over("record_date", "phone")

    return reached.filter(~all_reach("of_person_id") & ~all_reach("of_next_of_kin_id"))


def _papers_by_standing(frames: Frames, _: Parameters) -> pl.DataFrame:
    standing = pl.col("citizenship").cast(pl.String)
    has_id, has_passport = (
        pl.col("id_number").is_not_null(),
        pl.col("passport_number").is_not_null(),
    )
    fits = (
        (~has_id | standing.is_in(["citizen", "permanent_resident"]))
        & (~has_passport | (standing == "foreign_national"))
        & (~has_id | (pl.col("date_of_birth") < pl.col("record_date")))
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
    Law("unique_papers", "No two people share an ID number or a passport.",
        ("people",), _unique_papers),
    Law("phones_of_kin", "Who shares a phone shares it with the next of kin.",
        ("people",), _phones_of_kin),
    Law("papers_by_standing",
        "Citizens and permanent residents alone have an ID number, not on the day of birth, and"
        " other foreigners alone a passport.",
        ("people",), _papers_by_standing),
    Law("kin", "The next of kin is somebody else, and the mother where it says so.",
        ("people",), _kin),
    Law("born_before", "Nobody is registered or dies before being born.",
        ("people",), _born_before),
    Law("no_future", "Nothing is recorded before it has happened.",
        ("people",), _no_future),
)  # fmt: skip
