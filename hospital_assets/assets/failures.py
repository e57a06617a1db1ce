"""How an asset fails: with the sentence that says what stopped it, before any stack."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import dagster as dg

from hospital_assets.errors import HospitalError, ServiceAwayError, one_line

P = ParamSpec("P")
T = TypeVar("T")


def fails_in_a_sentence(compute: Callable[P, T]) -> Callable[P, T]:
    """Have an asset's function raise what a person can mend as `dagster.Failure`.

    The page shows its sentence first. The asset's retry policy holds for a service that is away;
    whatever else stopped it would stop a further try as well.
    """

    @wraps(compute)
    def computed(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return compute(*args, **kwargs)
        except HospitalError as error:
            may_pass = isinstance(error, ServiceAwayError)
            raise dg.Failure(one_line(error), allow_retries=may_pass) from error

    return computed
