"""Typed settings: environment first, then the files in `configs/`.

`HOSPITAL_...` variables win over `configs/*.json`; what neither names has a default here.
"""

import json
import os
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from pydantic_settings import SettingsError as PydanticSettingsError

from hospital_assets.configuration.checkout import ROOT as ROOT
from hospital_assets.configuration.checkout import SHIPPED
from hospital_assets.configuration.lake_root import bucket_and_prefix, is_url
from hospital_assets.errors import HospitalError


class SettingsError(HospitalError):
    """A setting is unusable; the message names the file or variable, the key, and what fits."""


# What is said of a service where another part of the hospital deals with it.
NOT_OURS = "not for this part of the hospital to see"


class DatabaseSettings(BaseModel):
    """Where PostgreSQL is: embedded in the state folder, or a server that somebody else runs.

    `dagster_user` and its password open Dagster's database; left out, `user` opens both. With them
    and without a password of `user`, the hospital's own database is none of the process's business.
    """

    model_config = ConfigDict(extra="forbid")

    mode: Literal["embedded", "server"] = "embedded"
    host: str = "127.0.0.1"
    port: int = Field(5432, ge=1, le=65535)
    user: str = "hospital"
    password: SecretStr | None = None
    password_file: Path | None = None
    hospital_database: str = "hospital"
    dagster_database: str = "dagster"
    dagster_user: str | None = None
    dagster_password_file: Path | None = None

    @property
    def is_dagsters_alone(self) -> bool:
        """Whether the process gets into Dagster's database and not into the hospital's."""
        has_password = self.password is not None or self.password_file is not None
        return self.mode == "server" and self.dagster_user is not None and not has_password


TopicName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{0,199}$")]


class KafkaSettings(BaseModel):
    """Where Kafka is, how to get in, and the topics.

    Mode `elsewhere` is that of a part of the hospital which has nothing to do with Kafka.

    A stream's topic has the name of its event type, unless `topics` gives it another, by the name
    of the stream.
    """

    model_config = ConfigDict(extra="forbid")

    mode: Literal["embedded", "cluster", "elsewhere"] = "embedded"
    bootstrap_servers: str = Field("", pattern=r"^([^\s,:]+:\d+(,[^\s,:]+:\d+)*)?$")
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "SCRAM-SHA-512"
    sasl_username: str | None = None
    sasl_password: SecretStr | None = None
    sasl_password_file: Path | None = None
    ssl_cafile: Path | None = None
    ssl_certfile: Path | None = None
    ssl_keyfile: Path | None = None
    topics: dict[str, TopicName] = {}
    partitions: int = Field(3, ge=1, le=1000)

    @field_validator("sasl_password_file", "ssl_cafile", "ssl_certfile", "ssl_keyfile")
    @classmethod
    def _below_the_checkout(cls, path: Path | None) -> Path | None:
        return None if path is None else ROOT / path

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.mode == "cluster":
            if not self.bootstrap_servers:
                raise ValueError("mode 'cluster' needs bootstrap_servers, as host:port,host:port")
            secret = self.sasl_password or self.sasl_password_file
            if self.security_protocol.startswith("SASL") and not (self.sasl_username and secret):
                raise ValueError(
                    f"security_protocol '{self.security_protocol}' needs sasl_username"
                    " and sasl_password_file (or sasl_password)"
                )
        return self


class Settings(BaseSettings):
    """Everything a process needs to know before it starts."""

    model_config = SettingsConfigDict(
        env_prefix="HOSPITAL_",
        env_nested_delimiter="__",
        extra="forbid",
        hide_input_in_errors=True,
    )

    seed: int = Field(20201201, ge=0, lt=2**63)
    profile: str = Field("full", pattern=r"^[a-z][a-z0-9_]*$")
    tick_seconds: float = Field(900, ge=0.01, le=30 * 86_400, allow_inf_nan=False)
    campaign_days: float | None = Field(None, gt=0, le=36_500, allow_inf_nan=False)
    first_start_days: int = Field(7, ge=0, le=10_000)
    lake: str = str(ROOT / "lake")
    state: Path = ROOT / ".hospital"
    configs: Path = SHIPPED / "configs"
    web_host: str = "127.0.0.1"
    web_port: int = Field(3000, ge=1, le=65535)
    web_names: str = Field("", pattern=r"^([^\s,:/]+(,[^\s,:/]+)*)?$")
    database: DatabaseSettings = DatabaseSettings()
    kafka: KafkaSettings = KafkaSettings()

    @field_validator("lake", mode="before")
    @classmethod
    def _path_or_url(cls, lake: str | Path) -> str:
        place = str(lake)
        if not is_url(place):
            return str(ROOT / place)
        bucket_and_prefix(place)
        return place.rstrip("/")

    @field_validator("state", "configs")
    @classmethod
    def _below_the_checkout(cls, path: Path) -> Path:
        # Processes of one stack have different current folders.
        return ROOT / path

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put the environment above the files."""
        files = (_ConfigFile(settings_cls, group) for group in _FILES)
        return init_settings, env_settings, *files


DATABASE_FILE = "database_config.json"
KAFKA_FILE = "kafka_config.json"

# The settings that are groups have a file each.
_FILES = {"database": DATABASE_FILE, "kafka": KAFKA_FILE}
_GROUPS: dict[str, type[BaseModel]] = {"database": DatabaseSettings, "kafka": KafkaSettings}

# Set by the supervisor for the processes that it starts; it names them and configures nothing.
STACK_VARIABLE = "HOSPITAL_STACK"


class _ConfigFile(PydanticBaseSettingsSource):
    """The keys of the file that a group of settings has, as settings below the group."""

    def __init__(self, settings_cls: type[BaseSettings], group: str) -> None:
        super().__init__(settings_cls)
        self._group = group

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        folder = Path(os.environ.get("HOSPITAL_CONFIGS", SHIPPED / "configs"))
        file = folder / _FILES[self._group]
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise SettingsError(f"{file}: expected a readable JSON file: {error}") from error
        if not isinstance(content, dict):
            raise SettingsError(f"{file}: expected one JSON object")
        return {self._group: content}


@cache
def load_settings(**given: Any) -> Settings:
    """Return the settings of this process: the environment above the files above the defaults.

    What is `given` stands above all of them. Raises SettingsError in one line with the file or
    variable, the key and what was expected.
    """
    _refuse_unknown_variables()
    _refuse_empty_variables()
    try:
        return Settings(**given)
    except ValidationError as error:
        # The cause would show the refused values in a trace, a misnamed password among them.
        raise SettingsError("; ".join(_explain(each, given) for each in error.errors())) from None
    except PydanticSettingsError as error:
        raise SettingsError(f"the environment: {error}") from error


def _models() -> dict[str, type[BaseModel]]:
    """Return the settings themselves and each group, by the prefix of its variables."""
    return {
        "HOSPITAL_": Settings,
        **{f"HOSPITAL_{group}__": model for group, model in _GROUPS.items()},
    }


def _refuse_unknown_variables() -> None:
    known = {
        f"{prefix}{name}".upper()
        for prefix, model in _models().items()
        for name in model.model_fields
    } | {STACK_VARIABLE}
    for variable in os.environ:
        if variable.upper().startswith("HOSPITAL_") and variable.upper() not in known:
            raise SettingsError(f"{variable}: no such setting; expected one of {sorted(known)}")


def _refuse_empty_variables() -> None:
    # An empty path would be the checkout itself. Fine is what is empty by default.
    may_be_empty = {
        f"{prefix}{name}".upper()
        for prefix, model in _models().items()
        for name, field in model.model_fields.items()
        if field.default == ""
    }
    for variable, value in os.environ.items():
        if (
            variable.upper().startswith("HOSPITAL_")
            and not value.strip()
            and variable.upper() not in may_be_empty
        ):
            raise SettingsError(f"{variable}: it is empty; give it a value, or take it away")


def _explain(error: ErrorDetails, given: Collection[str]) -> str:
    path = [str(part) for part in error["loc"]]
    variable = "HOSPITAL_" + "__".join(path).upper()
    key = ".".join(path)
    expected = error["msg"].removeprefix("Value error, ")
    group = _GROUPS.get(path[0])
    if group is not None and error["type"] == "extra_forbidden":
        expected = f"no such key; expected one of {sorted(group.model_fields)}"
    if path[0] in given:
        return f"{key}: {expected}"
    if group is not None and variable not in os.environ:
        return f"{_FILES[path[0]]}: {'.'.join(path[1:]) or key}: {expected}"
    return f"{variable}: {expected}"
