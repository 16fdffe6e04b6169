"""Which settings there are, and where each value came from: defaults, ``overcut.toml``, ``OVERCUT_…``, flags."""

from __future__ import annotations

import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import platformdirs
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from overcut.kernel.errors import WrongUsageError

SETTINGS_FILE = "overcut.toml"
"""Read from the folder in which the command runs."""


def _default_home() -> Path:
    return Path(platformdirs.user_data_dir("overcut", appauthor=False))


class Settings(BaseSettings):
    """Every setting, with its default. Later sources win: defaults, ``overcut.toml``, environment, flags."""

    model_config = SettingsConfigDict(
        env_prefix="OVERCUT_", env_ignore_empty=True, toml_file=SETTINGS_FILE, extra="forbid", frozen=True
    )

    home: Path = Field(
        default_factory=_default_home, description="Folder of recordings, simulated sessions and caches."
    )
    tables: Path | None = Field(
        default=None,
        description="Folder of timing tables (laps.parquet …) from which sessions can be reconstructed; when not set, "
        "$OVERCUT_SHARED/data/timing, ../shared/data/timing where it exists, or tables in the home folder.",
    )
    archive: Path | None = Field(
        default=None,
        description="Folder of archived sessions (<year>/<meeting>/<session>/*.jsonStream); when not set, "
        "$OVERCUT_SHARED/data/livetiming/static, ../shared/data/livetiming/static where it exists, or archive in the "
        "home folder.",
    )
    lake_sessions: bool = Field(
        default=True,
        description="Whether a session that was recorded, watched live or played to its end goes into the lake by "
        "itself.",
    )
    live_url: str = Field(
        default="https://livetiming.formula1.com/signalrcore",
        description="Address of the live feed's hub: https, or http on this machine.",
    )
    archive_url: str = Field(
        default="https://livetiming.formula1.com/static/",
        description="Address of the archive that `overcut fetch` downloads from: https, or http on this machine.",
    )
    f1db_url: str = Field(
        default="https://github.com/f1db/f1db/releases/latest/download/f1db-sqlite.zip",
        description="Address of the F1DB release that `overcut history import` downloads: https, or http on this "
        "machine.",
    )
    jolpica_url: str = Field(
        default="https://api.jolpi.ca/ergast/f1/",
        description="Address of a server in Ergast's shape, for `overcut history import jolpica`: https, or http on "
        "this machine.",
    )
    openf1_url: str = Field(
        default="https://api.openf1.org/v1/",
        description="Address of OpenF1's REST interface, for `overcut lake import openf1`: https, or http on this "
        "machine.",
    )
    open_meteo_url: str = Field(
        default="https://api.open-meteo.com/v1/",
        description="Address of the weather forecasts, for `overcut lake import forecast`: https, or http on this "
        "machine.",
    )
    token: SecretStr | None = Field(
        default=None,
        description="F1TV token sent to the live feed and the archive, instead of the one that `overcut login` keeps.",
    )
    host: str = Field(default="127.0.0.1", description="Address on which the server listens.")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(
        default=8018, description="Port of the server; 0 takes any free one."
    )
    tick_hz: Annotated[float, Field(gt=0, le=50)] = Field(
        default=10.0, description="Board updates a second sent to clients."
    )
    web_dist: Path | None = Field(
        default=None, description="Folder of the built web app; the one in the package, or web/dist, when not set."
    )
    allowed_origins: str = Field(
        default="",
        description="Web origins, besides the server's own, that may open a stream or steer a playback; "
        "comma-separated, for example https://board.example.org behind a proxy.",
    )
    max_clients: Annotated[int, Field(ge=1, le=100_000)] = Field(
        default=2_000, description="WebSocket connections held at once; more are refused."
    )
    stamp_messages: bool = Field(
        default=False, description="Stream messages say when they were made (made_ns), for measuring delivery."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="How much is logged: DEBUG, INFO, WARNING or ERROR."
    )
    log_json: bool = Field(default=False, description="Logs as JSON lines.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags first, then environment, then the file."""
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls))


class Origin(StrEnum):
    """Who decided a setting's value."""

    DEFAULT = "default"
    FILE = "file"
    ENVIRONMENT = "environment"
    FLAG = "flag"


class SettingValue(NamedTuple):
    """One setting as it stands: its value as JSON has it (secrets masked), who decided it, and where exactly."""

    name: str
    value: str | int | float | bool | None
    origin: Origin
    where: str
    description: str


def load_settings(**flags: object) -> Settings:
    """The settings, with ``flags`` over everything else; a flag that is None was not given.

    Raises:
        WrongUsageError: a value does not fit its setting, the file names an unknown one, or is not TOML.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    try:
        return Settings(**given)  # pyright: ignore[reportArgumentType] -- pydantic checks them
    except tomllib.TOMLDecodeError as error:
        raise WrongUsageError(
            f"{SETTINGS_FILE} is not TOML",
            why=str(error),
            hint=f"correct {Path(SETTINGS_FILE).resolve()}, or remove it",
        ) from error
    except ValidationError as error:
        raise _wrong_value(error, given) from error


def explain_settings(**flags: object) -> tuple[SettingValue, ...]:
    """Every setting with its value, masked where secret, and its origin.

    Raises:
        WrongUsageError: as `load_settings`.
    """
    settings = load_settings(**flags)
    shown = settings.model_dump(mode="json")  # pydantic writes secrets as asterisks
    return tuple(
        SettingValue(name, shown[name], *_decided_by(name, flags), field.description or "")
        for name, field in type(settings).model_fields.items()
    )


def _decided_by(name: str, flags: dict[str, object]) -> tuple[Origin, str]:
    variable = f"OVERCUT_{name.upper()}"
    if flags.get(name) is not None:
        return Origin.FLAG, "--" + name.replace("_", "-")
    if name in EnvSettingsSource(Settings)():
        return Origin.ENVIRONMENT, variable
    if name in TomlConfigSettingsSource(Settings)():
        return Origin.FILE, str(Path(SETTINGS_FILE).resolve())
    return Origin.DEFAULT, ""


def _wrong_value(error: ValidationError, flags: dict[str, object]) -> WrongUsageError:
    """The first complaint of pydantic, in words: which setting, what it held, where that came from."""
    first = error.errors(include_url=False)[0]
    name = ".".join(str(part) for part in first["loc"])
    if name not in Settings.model_fields:
        return WrongUsageError(
            f"there is no setting named {name!r}",
            why=f"found in {Path(SETTINGS_FILE).resolve()}",
            hint="the settings are: " + ", ".join(Settings.model_fields),
        )
    origin, where = _decided_by(name, flags)
    return WrongUsageError(
        f"the setting {name} cannot be {'what was given' if name == 'token' else repr(first['input'])}",
        why=f"{first['msg']} (from {where or origin})",
        hint=f"{name}: {Settings.model_fields[name].description}",
    )
