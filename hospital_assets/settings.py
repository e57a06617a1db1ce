"""Typed settings: environment first, then the files in `configs/`.

`HOSPITAL_...` variables win over `configs/*.json`; what neither names has a default here.
"""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PositiveFloat,
    SecretStr,
    ValidationError,
    field_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from pydantic_settings import SettingsError as PydanticSettingsError

ROOT = Path(__file__).resolve().parent.parent


class SettingsError(ValueError):
    """A setting is unusable; the message names the file or variable, the key, and what fits."""


class DatabaseSettings(BaseModel):
    """Where PostgreSQL is: embedded in the state folder, or a server that somebody else runs."""

    model_config = ConfigDict(extra="forbid")

    mode: Literal["embedded", "server"] = "embedded"
    host: str = "127.0.0.1"
    port: int = Field(5432, ge=1, le=65535)
    user: str = "hospital"
    password: SecretStr | None = None
    password_file: Path | None = None
    hospital_database: str = "hospital"
    dagster_database: str = "dagster"


class Settings(BaseSettings):
    """Everything a process needs to know before it starts."""

    model_config = SettingsConfigDict(
        env_prefix="HOSPITAL_", env_nested_delimiter="__", extra="forbid"
    )

    seed: int = Field(20201201, ge=0, lt=2**63)
    profile: str = Field("full", pattern=r"^[a-z][a-z0-9_]*$")
    tick_seconds: PositiveFloat = 900
    campaign_days: PositiveFloat | None = None
    first_start_days: int = Field(7, ge=0)
    lake: Path = ROOT / "lake"
    state: Path = ROOT / ".hospital"
    configs: Path = ROOT / "configs"
    web_host: str = "127.0.0.1"
    web_port: int = Field(3000, ge=1, le=65535)
    database: DatabaseSettings = DatabaseSettings()

    @field_validator("lake", "state", "configs")
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
        return init_settings, env_settings, _DatabaseFile(settings_cls)


DATABASE_FILE = "database_config.json"

# Set by the supervisor for the processes that it starts; it names them and configures nothing.
STACK_VARIABLE = "HOSPITAL_STACK"


class _DatabaseFile(PydanticBaseSettingsSource):
    """The keys of `database_config.json`, as settings below `database`."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        folder = Path(os.environ.get("HOSPITAL_CONFIGS", ROOT / "configs"))
        file = folder / DATABASE_FILE
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise SettingsError(f"{file}: expected a readable JSON file: {error}") from error
        if not isinstance(content, dict):
            raise SettingsError(f"{file}: expected one JSON object")
        return {"database": content}


@cache
def load_settings() -> Settings:
    """Return the settings of this process: the environment above the files above the defaults.

    Raises SettingsError in one line with the file or variable, the key and what was expected.
    """
    _refuse_unknown_variables()
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError("; ".join(_explain(each) for each in error.errors())) from error
    except PydanticSettingsError as error:
        raise SettingsError(f"the environment: {error}") from error


def _refuse_unknown_variables() -> None:
    fields = {f"HOSPITAL_{name.upper()}" for name in Settings.model_fields}
    nested = {f"HOSPITAL_DATABASE__{name.upper()}" for name in DatabaseSettings.model_fields}
    known = fields | nested | {STACK_VARIABLE}
    for variable in os.environ:
        if variable.upper().startswith("HOSPITAL_") and variable.upper() not in known:
            raise SettingsError(f"{variable}: no such setting; expected one of {sorted(known)}")


def _explain(error: ErrorDetails) -> str:
    path = [str(part) for part in error["loc"]]
    variable = "HOSPITAL_" + "__".join(path).upper()
    key = ".".join(path)
    expected = error["msg"]
    if error["type"] == "extra_forbidden":
        expected = f"no such key; expected one of {sorted(DatabaseSettings.model_fields)}"
    if path[0] == "database" and variable not in os.environ:
        return f"{DATABASE_FILE}: {'.'.join(path[1:]) or key}: {expected}"
    return f"{variable}: {key}: {expected}"
