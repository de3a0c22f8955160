"""Config file and environment -> one frozen Settings."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from datetime import date, time
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator

from domain.errors import ConfigurationError
from domain.region import Region, RegionTree, region_tree

PREFIX = "JIANFU_"
CONFIG_VARIABLE = "JIANFU_CONFIG"
DEFAULT_FILE = Path("config.toml")
_SECRETS = (("telegram", "token"), ("telegram", "secret_token"), ("storage", "url"))


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class ServiceSettings(_Section):
    """`[service]`: where data lives, the local time zone of weeks, the language of the chat."""

    data_dir: Path = Path("data")
    timezone: str = "Asia/Shanghai"
    language: Literal["zh-Hans", "en"] = "zh-Hans"

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError("is no time zone such as Asia/Shanghai") from error
        return value


class StorageSettings(_Section):
    """`[storage]`: the database; without a URL a SQLite file in the data folder."""

    url: SecretStr | None = None

    @field_validator("url")
    @classmethod
    def _known_database(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith(
            ("sqlite+aiosqlite:///", "postgresql+asyncpg://")
        ):
            raise ValueError("must begin with sqlite+aiosqlite:/// or postgresql+asyncpg://")
        return value


class TelegramSettings(_Section):
    """`[telegram]`: the bot; the channel is off without a token."""

    token: SecretStr | None = None
    mode: Literal["polling", "webhook"] = "polling"
    base_url: str = "https://api.telegram.org/bot"
    base_file_url: str = "https://api.telegram.org/file/bot"
    proxy: str | None = None
    webhook_url: str | None = None
    secret_token: SecretStr | None = None

    @field_validator("token", "secret_token", "proxy", "webhook_url", mode="before")
    @classmethod
    def _empty_is_unset(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("secret_token")
    @classmethod
    def _as_telegram_allows(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value.get_secret_value()):
            raise ValueError("must be 1 to 256 letters, digits, _ or -")
        return value

    @model_validator(mode="after")
    def _webhook_is_complete(self) -> TelegramSettings:
        if self.token and self.mode == "webhook" and not (self.webhook_url and self.secret_token):
            raise ValueError('mode "webhook" needs webhook_url and secret_token')
        return self


class ServerSettings(_Section):
    """`[server]`: where webhooks, health and metrics are answered."""

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=1, le=65535)


class KeysSettings(_Section):
    """`[keys]`: the key folder; belongs on an encrypted volume outside backups."""

    dir: Path = Path("keys")


class ReleaseSettings(_Section):
    """`[release]`: parameters of the release rule and the clock time at which a week is sent."""

    k: int = Field(default=5, ge=5)
    band: int | None = None
    cap: int = Field(default=3, ge=1, le=5)
    block_weeks: Literal[0, 4, 13] = 4
    weekday: int = Field(default=2, ge=1, le=7)
    time: time = time(8, 0)
    gate_seconds: int = Field(default=60, ge=1)
    push_without_gate: bool = False

    @model_validator(mode="after")
    def _within_bounds(self) -> ReleaseSettings:
        if self.band is not None and self.band < self.k:
            raise ValueError("band must be at least k")
        if self.weekday == 1 and self.time < time(12, 0):
            raise ValueError("weekday and time must be at least 12 hours after the week's end (Monday 12:00 or later)")
        return self

    @property
    def band_width(self) -> int:
        """The width of a band: k unless set."""
        return self.k if self.band is None else self.band


class Term(_Section):
    """A school term, for questions such as 本学期."""

    name: str = Field(min_length=1)
    start: date
    end: date

    @model_validator(mode="after")
    def _in_order(self) -> Term:
        if self.end < self.start:
            raise ValueError("end must not be before start")
        return self


class CalendarSettings(_Section):
    """`[calendar]`: school terms."""

    terms: tuple[Term, ...] = ()


class RetentionSettings(_Section):
    """`[retention]`: how long a report is kept."""

    days: int = Field(default=365, ge=31, le=3650)


class LimitsSettings(_Section):
    """`[limits]`: rates; messages out per second, messages in and reports per account (counted in memory only)."""

    telegram_per_second: float = Field(default=25, gt=0)
    telegram_per_chat_per_second: float = Field(default=1, gt=0)
    messages_per_minute: int = Field(default=30, ge=1)
    reports_per_day: int = Field(default=20, ge=1)
    report_characters: int = Field(default=4000, ge=10, le=20_000)


class RegionSettings(_Section):
    """`[[regions]]`: one node of the tree of regions."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,40}$")
    name: str = Field(min_length=1, max_length=40)
    parent: str | None = None
    staff: int | None = Field(default=None, ge=1)
    fold_into: str | None = None


class Settings(_Section):
    """Everything the operator may set; every key also as environment variable JIANFU_SECTION__KEY."""

    service: ServiceSettings = ServiceSettings()
    storage: StorageSettings = StorageSettings()
    telegram: TelegramSettings = TelegramSettings()
    server: ServerSettings = ServerSettings()
    keys: KeysSettings = KeysSettings()
    release: ReleaseSettings = ReleaseSettings()
    calendar: CalendarSettings = CalendarSettings()
    retention: RetentionSettings = RetentionSettings()
    limits: LimitsSettings = LimitsSettings()
    regions: tuple[RegionSettings, ...] = ()

    @model_validator(mode="after")
    def _regions_form_a_tree(self) -> Settings:
        _ = self.tree
        return self

    @property
    def tree(self) -> RegionTree:
        """The configured regions, or the built-in one."""
        return region_tree(Region(**region.model_dump()) for region in self.regions)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which weeks begin and end."""
        return ZoneInfo(self.service.timezone)

    @property
    def database_url(self) -> str:
        """The database URL; a SQLite file in the data folder unless set."""
        if self.storage.url is not None:
            return self.storage.url.get_secret_value()
        return f"sqlite+aiosqlite:///{self.service.data_dir / 'jianfu.sqlite'}"


def load_settings(
    environment: Mapping[str, str], *, path: Path | None = None, folder: Path = Path()
) -> tuple[Settings, Path | None]:
    """Read the settings once, from the file named by `path`, JIANFU_CONFIG or config.toml in `folder`.

    Relative folders in the file are relative to the file.

    Returns:
        The settings, and the file they came from if there was one.

    Raises:
        ConfigurationError: one sentence that names the wrong key or value.
    """
    file = _find_file(environment, path, folder)
    values: dict[str, Any] = _read(file) if file else {}
    _refuse_open_secrets(values, file)
    for name, value in _from_environment(environment):
        section, _, key = name.partition("__")
        if key:
            values.setdefault(section, {})[key] = value
        else:
            values[section] = value
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        raise ConfigurationError(_first_sentence(error, file)) from None
    return _anchored(settings, file.parent if file else folder), file


def _find_file(environment: Mapping[str, str], path: Path | None, folder: Path) -> Path | None:
    named = path or (Path(environment[CONFIG_VARIABLE]) if environment.get(CONFIG_VARIABLE) else None)
    if named is not None and not named.is_file():
        raise ConfigurationError(f"The configuration file {named} does not exist; check --config or {CONFIG_VARIABLE}.")
    default = folder / DEFAULT_FILE
    return named or (default if default.is_file() else None)


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{file} is not valid TOML: {error}.") from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"{file} is not UTF-8 text; save it as UTF-8.") from None
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be read: {error.strerror}.") from None


def _refuse_open_secrets(values: Mapping[str, Any], file: Path | None) -> None:
    if file is None or file.stat().st_mode & 0o077 == 0:
        return
    for section, key in _SECRETS:
        value = values.get(section)
        secret = value.get(key) if isinstance(value, dict) else None
        if secret and not (key == "url" and "@" not in str(secret)):
            raise ConfigurationError(
                f"{file} holds the secret [{section}] {key} and others can read the file; run: chmod 600 {file}"
            )


def _from_environment(environment: Mapping[str, str]) -> list[tuple[str, Any]]:
    found = []
    for name in sorted(environment):
        if not name.startswith(PREFIX) or name == CONFIG_VARIABLE:
            continue
        value: Any = environment[name]
        if value.startswith(("[", "{")):
            try:
                value = json.loads(value)
            except ValueError:
                raise ConfigurationError(f"The environment variable {name} is not valid JSON.") from None
        found.append((name.removeprefix(PREFIX).lower(), value))
    return found


def _first_sentence(error: ValidationError, file: Path | None) -> str:
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    place = [str(part) for part in first["loc"]]
    name = f"[{place[0]}] {'.'.join(place[1:])}".strip() if place else "the settings"
    where = f"in {file}" if file else "in the environment"
    if first["type"] == "extra_forbidden":
        return f"Unknown setting {name} ({where}); config.example.toml lists all settings."
    reason = first["msg"].removeprefix("Value error, ")
    return f"Setting {name} is wrong ({where}): {reason}."


def _anchored(settings: Settings, folder: Path) -> Settings:
    service = settings.service.model_copy(update={"data_dir": (folder / settings.service.data_dir).resolve()})
    keys = settings.keys.model_copy(update={"dir": (folder / settings.keys.dir).resolve()})
    if keys.dir == service.data_dir or service.data_dir in keys.dir.parents:
        raise ConfigurationError("Setting [keys] dir is wrong: the key folder must lie outside [service] data_dir.")
    return settings.model_copy(update={"service": service, "keys": keys})
