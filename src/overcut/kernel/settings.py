"""Which settings there are, and where each value came from: defaults, ``overcut.toml``, ``OVERCUT_…``, flags."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import platformdirs
from pydantic import Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)


def _default_home() -> Path:
    return Path(platformdirs.user_data_dir("overcut", appauthor=False))


class Settings(BaseSettings):
    """Every setting, with its default. Later sources win: defaults, ``overcut.toml``, environment, flags."""

    model_config = SettingsConfigDict(env_prefix="OVERCUT_", toml_file="overcut.toml", extra="ignore", frozen=True)

    home: Path = Field(
        default_factory=_default_home, description="Folder of recordings, simulated sessions and caches."
    )
    host: str = Field(default="127.0.0.1", description="Address on which the server listens.")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(
        default=8018, description="Port of the server; 0 takes any free one."
    )
    tick_hz: Annotated[float, Field(gt=0, le=50)] = Field(
        default=10.0, description="Board updates a second sent to clients."
    )
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR.")
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
