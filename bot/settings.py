"""Config file and environment -> one frozen Settings."""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator

from domain.errors import ConfigurationError
from domain.region import Region, RegionTree, region_tree

PREFIX = "JIANFU_"
CONFIG_VARIABLE = "JIANFU_CONFIG"
DEFAULT_FILE = Path("config.toml")
_SECRETS = (("telegram", "token"), ("telegram", "secret_token"), ("telegram", "proxy"), ("storage", "url"))
_ADDRESSES = frozenset({"proxy", "url"})  # a secret only with a name and password in them
_SQLITE = "sqlite+aiosqlite:///"


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

    @field_validator("url", mode="before")
    @classmethod
    def _empty_is_unset(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("url")
    @classmethod
    def _known_database(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith((_SQLITE, "postgresql+asyncpg://")):
            raise ValueError(f"must begin with {_SQLITE} or postgresql+asyncpg://")
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

    @field_validator("base_url", "base_file_url")
    @classmethod
    def _as_the_library_takes_it(cls, value: str) -> str:
        if not re.fullmatch(r"https?://\S+/bot", value):
            raise ValueError("must begin with https:// or http:// and end in /bot")
        return value

    @field_validator("webhook_url", "proxy")
    @classmethod
    def _an_address(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"(https?|socks5h?)://\S+", value):
            raise ValueError("must be an address such as https://example.org/telegram/webhook or http://127.0.0.1:1080")
        return value

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
    time: dt.time = dt.time(8, 0)
    gate_seconds: int = Field(default=60, ge=1)
    push_without_gate: bool = False

    @field_validator("block_weeks", mode="before")
    @classmethod
    def _number_from_the_environment(cls, value: object) -> object:
        return int(value) if isinstance(value, str) and value.strip().isdecimal() else value

    @field_validator("time")
    @classmethod
    def _local(cls, value: dt.time) -> dt.time:
        if value.tzinfo is not None:
            raise ValueError("must be a local time such as 08:00; the zone is [service] timezone")
        return value

    @model_validator(mode="after")
    def _within_bounds(self) -> ReleaseSettings:
        if self.band is not None and self.band < self.k:
            raise ValueError("band must be at least k")
        if self.weekday == 1 and self.time < dt.time(12, 0):
            raise ValueError("weekday and time must be at least 12 hours after the week's end (Monday 12:00 or later)")
        return self

    @property
    def band_width(self) -> int:
        """The width of a band: k unless set."""
        return self.k if self.band is None else self.band


class Term(_Section):
    """A school term, for questions such as 本学期."""

    name: str = Field(min_length=1)
    start: dt.date
    end: dt.date

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

    days: int = Field(default=365, ge=62, le=3650)


class LimitsSettings(_Section):
    """`[limits]`: rates; messages out per second, messages in and reports per account (counted in memory only)."""

    telegram_per_second: float = Field(default=25, gt=0, allow_inf_nan=False)
    telegram_per_chat_per_second: float = Field(default=1, gt=0, allow_inf_nan=False)
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
        return f"{_SQLITE}{self.service.data_dir / 'jianfu.sqlite'}"


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
    variables = _put_environment(values, environment)
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        raise ConfigurationError(_first_sentence(error, file, variables)) from None
    return _anchored(settings, file.parent if file else folder), file


def _find_file(environment: Mapping[str, str], path: Path | None, folder: Path) -> Path | None:
    named = path or (Path(environment[CONFIG_VARIABLE]) if environment.get(CONFIG_VARIABLE) else None)
    if named is not None and not named.is_file():
        raise ConfigurationError(f"The configuration file {named} does not exist; check --config or {CONFIG_VARIABLE}.")
    default = folder / DEFAULT_FILE
    return named or (default if default.is_file() else None)


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))  # Windows editors write a mark at the beginning
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
        if secret and not (key in _ADDRESSES and "@" not in str(secret)):
            raise ConfigurationError(
                f"{file} holds the secret [{section}] {key} and others can read the file; run: chmod 600 {file}"
            )


def _put_environment(values: dict[str, Any], environment: Mapping[str, str]) -> dict[tuple[str, ...], str]:
    """Put the variables over the file's values; returns which variable set what."""
    variables: dict[tuple[str, ...], str] = {}
    for name in sorted(environment):
        if not name.startswith(PREFIX) or name == CONFIG_VARIABLE:
            continue
        value: Any = environment[name]
        if value.startswith(("[", "{")):
            try:
                value = json.loads(value)
            except ValueError:
                raise ConfigurationError(f"The environment variable {name} is not valid JSON.") from None
        section, _, key = name.removeprefix(PREFIX).lower().partition("__")
        if not key:
            values[section] = value
        elif isinstance(values.setdefault(section, {}), dict):
            values[section][key] = value
        else:
            raise ConfigurationError(f"[{section}] has no single keys, so {name} cannot set one.")
        variables[(section, key) if key else (section,)] = name
    return variables


def _first_sentence(error: ValidationError, file: Path | None, variables: Mapping[tuple[str, ...], str]) -> str:
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    place = tuple(str(part) for part in first["loc"])
    section = place[:1] or ("regions",)
    is_unknown = first["type"] == "extra_forbidden"
    set_by = [name for at, name in variables.items() if at in (place[:2], section) or (is_unknown and place == at[:1])]
    where = f"environment variable {set_by[0]}" if set_by else f"in {file or 'the environment'}"
    if is_unknown:
        return f"Unknown setting {_named(place)} ({where}); config.example.toml lists all settings."
    reason = first["msg"].removeprefix("Value error, ")
    return f"Setting {_named(place)} is wrong ({where}): {reason}."


def _named(place: tuple[str, ...]) -> str:
    """Return a place in the settings as people write it; the only rule above the sections is that of the regions."""
    section, *rest = place or ("regions",)
    head = "[[regions]]" if section == "regions" else f"[{section}]"
    words = [f"no. {int(part) + 1}" if part.isdecimal() else part for part in rest]
    return " ".join((head, *words))


def _anchored(settings: Settings, folder: Path) -> Settings:
    service = settings.service.model_copy(update={"data_dir": (folder / settings.service.data_dir).resolve()})
    keys = settings.keys.model_copy(update={"dir": (folder / settings.keys.dir).resolve()})
    if keys.dir == service.data_dir or service.data_dir in keys.dir.parents:
        raise ConfigurationError("Setting [keys] dir is wrong: the key folder must lie outside [service] data_dir.")
    storage = settings.storage
    if storage.url is not None and storage.url.get_secret_value().startswith(_SQLITE):
        file = (folder / storage.url.get_secret_value().removeprefix(_SQLITE)).resolve()
        storage = storage.model_copy(update={"url": SecretStr(f"{_SQLITE}{file}")})
    return settings.model_copy(update={"service": service, "keys": keys, "storage": storage})
