"""Settings: the example is complete, every key works as a variable, and what is wrong is named in one sentence."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from bot.settings import RegionSettings, Settings, Term, load_settings
from domain.errors import ConfigurationError

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"

# A value other than the default for every key, as a variable spells it, and what it becomes.
OTHERS: dict[tuple[str, str], tuple[str, Any]] = {
    ("service", "data_dir"): ("/srv/jianfu", Path("/srv/jianfu")),
    ("service", "timezone"): ("Asia/Urumqi", "Asia/Urumqi"),
    ("service", "language"): ("en", "en"),
    ("storage", "url"): ("postgresql+asyncpg://u@h/d", "postgresql+asyncpg://u@h/d"),
    ("telegram", "token"): ("1:A", "1:A"),
    ("telegram", "mode"): ("webhook", "webhook"),
    ("telegram", "base_url"): ("http://127.0.0.1:9/bot", "http://127.0.0.1:9/bot"),
    ("telegram", "base_file_url"): ("http://127.0.0.1:9/file/bot", "http://127.0.0.1:9/file/bot"),
    ("telegram", "proxy"): ("socks5://127.0.0.1:1080", "socks5://127.0.0.1:1080"),
    ("telegram", "webhook_url"): ("https://a.example/telegram/webhook", "https://a.example/telegram/webhook"),
    ("telegram", "secret_token"): ("Se-cr_et1", "Se-cr_et1"),
    ("server", "host"): ("0.0.0.0", "0.0.0.0"),  # noqa: S104  a value to be read
    ("server", "port"): ("9000", 9000),
    ("keys", "dir"): ("/srv/keys", Path("/srv/keys")),
    ("release", "k"): ("10", 10),
    ("release", "band"): ("12", 12),
    ("release", "cap"): ("2", 2),
    ("release", "block_weeks"): ("13", 13),
    ("release", "weekday"): ("3", 3),
    ("release", "time"): ("09:30", time(9, 30)),
    ("release", "gate_seconds"): ("5", 5),
    ("release", "push_without_gate"): ("true", True),
    ("calendar", "terms"): (
        '[{"name": "秋", "start": "2026-09-01", "end": "2027-01-22"}]',
        (Term(name="秋", start=date(2026, 9, 1), end=date(2027, 1, 22)),),
    ),
    ("retention", "days"): ("90", 90),
    ("limits", "telegram_per_second"): ("2.5", 2.5),
    ("limits", "telegram_per_chat_per_second"): ("0.5", 0.5),
    ("limits", "messages_per_minute"): ("1000", 1000),
    ("limits", "reports_per_day"): ("7", 7),
    ("limits", "report_characters"): ("500", 500),
}

# The names that were agreed (issue 2, Configuration).
AGREED = {
    "service": ["data_dir", "timezone", "language"],
    "storage": ["url"],
    "telegram": ["token", "mode", "base_url", "base_file_url", "proxy", "webhook_url", "secret_token"],
    "server": ["host", "port"],
    "keys": ["dir"],
    "release": ["k", "band", "cap", "block_weeks", "weekday", "time", "gate_seconds"],
    "calendar": ["terms"],
    "retention": ["days"],
}


def sections() -> Iterator[tuple[str, type[BaseModel]]]:
    for name, field in Settings.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield name, field.annotation


def keys() -> list[tuple[str, str]]:
    return [(name, key) for name, section in sections() for key in section.model_fields]


def variable(section: str, key: str) -> str:
    return f"JIANFU_{section}__{key}".upper()


def plain(value: Any) -> Any:
    return value.get_secret_value() if hasattr(value, "get_secret_value") else value


def loaded(tmp_path: Path, environment: Mapping[str, str], text: str | None = None, *, mode: int = 0o600) -> Settings:
    if text is not None:
        file = tmp_path / "config.toml"
        file.write_text(text, encoding="utf-8")
        file.chmod(mode)
    return load_settings(environment, folder=tmp_path)[0]


def uncommented(text: str) -> str:
    """Return the example with its commented keys, lists and tables set."""
    code = re.compile(r"# (\w+ = |\[\[|    \{|\])")
    lines = [line.removeprefix("# ") if code.match(line) else line for line in text.splitlines()]
    return "\n".join(line for line in lines if line != "terms = []")


def test_the_agreed_names_exist() -> None:
    """Every agreed section and key is a setting."""
    assert {(section, key) for section, names in AGREED.items() for key in names} <= set(keys())
    assert set(RegionSettings.model_fields) == {"id", "name", "parent", "staff", "fold_into"}


def test_the_example_states_the_defaults(tmp_path: Path) -> None:
    """The example as it is sets nothing but defaults."""
    assert loaded(tmp_path, {}, EXAMPLE.read_text(encoding="utf-8"), mode=0o644) == loaded(tmp_path, {}, "")


def test_the_example_names_every_setting() -> None:
    """With its commented lines set, the example has every key of every section, and only those."""
    example = tomllib.loads(uncommented(EXAMPLE.read_text(encoding="utf-8")))
    assert {(section, key) for section, values in example.items() if section != "regions" for key in values} == set(
        keys()
    )
    assert {key for region in example["regions"] for key in region} == set(RegionSettings.model_fields)
    assert set(example["calendar"]["terms"][0]) == set(Term.model_fields)


def test_the_examples_suggestions_are_valid(tmp_path: Path) -> None:
    """What the example suggests in its comments is accepted when it is taken."""
    settings = loaded(tmp_path, {}, uncommented(EXAMPLE.read_text(encoding="utf-8")))
    assert [leaf.id for leaf in settings.tree.leaves] == ["haidian", "yanqing"]
    assert settings.telegram.token is not None


def test_the_example_speaks_both_languages() -> None:
    """Every section is explained in Chinese and in English."""
    for part in EXAMPLE.read_text(encoding="utf-8").split("\n[")[1:]:
        comments = " ".join(line for line in part.splitlines() if line.startswith("# ") and " = " not in line)
        assert any("一" <= symbol <= "鿿" for symbol in comments), part.splitlines()[0]
        assert sum(symbol.isascii() and symbol.isalpha() for symbol in comments) > 20, part.splitlines()[0]


@pytest.mark.parametrize(("section", "key"), keys(), ids=".".join)
def test_every_key_works_as_a_variable(section: str, key: str, tmp_path: Path) -> None:
    """The variable of a key sets it, over whatever the file says."""
    spelled, value = OTHERS[section, key]
    settings = loaded(tmp_path, {variable(section, key): spelled}, EXAMPLE.read_text(encoding="utf-8"), mode=0o644)
    default = plain(getattr(getattr(Settings(), section), key))
    assert plain(getattr(getattr(settings, section), key)) == value != default


def test_regions_work_as_a_variable(tmp_path: Path) -> None:
    """The list of regions is JSON in the environment."""
    regions = [{"id": "city", "name": "示范市"}, {"id": "haidian", "name": "海淀区", "parent": "city"}]
    settings = loaded(tmp_path, {"JIANFU_REGIONS": json.dumps(regions)})
    assert [leaf.name for leaf in settings.tree.leaves] == ["海淀区"]


REGION = '[[regions]]\nid = "a"\nname = "甲"\n'


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("[release]\nk = 4\n", "[release] k"),
        ("[release]\nk = 10\nband = 9\n", "[release] is wrong (in {file}): band must be at least k"),
        ("[release]\ncap = 6\n", "[release] cap"),
        ("[release]\nblock_weeks = 5\n", "[release] block_weeks"),
        ("[release]\nweekday = 0\n", "[release] weekday"),
        ("[release]\nweekday = 1\ntime = 11:59:00\n", "at least 12 hours after the week's end"),
        ('[release]\ntime = "08:00+08:00"\n', "[release] time"),
        ("[release]\ndelay = 3\n", "Unknown setting [release] delay"),
        ("[relase]\nk = 5\n", "Unknown setting [relase]"),
        ('service = "x"\n', "[service]"),
        ('[service]\nlanguage = "fr"\n', "[service] language"),
        ('[service]\ntimezone = "Asia/Nowhere"\n', "[service] timezone"),
        ('[service]\ntimezone = "../../etc/passwd"\n', "[service] timezone"),
        ('[storage]\nurl = "mysql://h/d"\n', "[storage] url"),
        ('[telegram]\nmode = "push"\n', "[telegram] mode"),
        ('[telegram]\ntoken = "1:A"\nmode = "webhook"\n', "needs webhook_url and secret_token"),
        ('[telegram]\nsecret_token = "ä ö"\n', "[telegram] secret_token"),
        ('[telegram]\nbase_url = "https://api.telegram.org"\n', "[telegram] base_url"),
        ('[telegram]\nproxy = "127.0.0.1:1080"\n', "[telegram] proxy"),
        ("[server]\nport = 70000\n", "[server] port"),
        ('[keys]\ndir = "data/keys"\n', "[keys] dir"),
        ('[keys]\ndir = "data"\n', "[keys] dir"),
        ("[retention]\ndays = 30\n", "[retention] days"),
        ("[limits]\nreport_characters = 5\n", "[limits] report_characters"),
        ("[limits]\ntelegram_per_second = nan\n", "[limits] telegram_per_second"),
        ('[calendar]\nterms = [{name = "秋", start = 2026-09-01, end = 2026-08-01}]\n', "[calendar] terms no. 1"),
        (REGION * 2, "[[regions]] is wrong (in {file}): region id 'a' stands twice"),
        (REGION + '[[regions]]\nid = "b"\nname = "乙"\nparent = "c"\n', "unknown parent 'c'"),
        ('[[regions]]\nid = "A 1"\nname = "甲"\n', "[[regions]] no. 1 id"),
        (REGION + "[[regions]]\n", "[[regions]] no. 2 id"),
        ("[release\n", "is not valid TOML"),
        ("[release]\nk = 5\nk = 6\n", "is not valid TOML"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_its_name(text: str, names: str, tmp_path: Path) -> None:
    """One sentence names the wrong key or value and the file."""
    with pytest.raises(ConfigurationError) as refusal:
        loaded(tmp_path, {}, text)
    assert names.format(file=tmp_path / "config.toml") in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("environment", "names"),
    [
        ({"JIANFU_RELEASE__K": "many"}, "[release] k is wrong (environment variable JIANFU_RELEASE__K)"),
        ({"JIANFU_RELASE__K": "5"}, "Unknown setting [relase] (environment variable JIANFU_RELASE__K)"),
        ({"JIANFU_FOO": "5"}, "Unknown setting [foo] (environment variable JIANFU_FOO)"),
        ({"JIANFU_REGIONS": "[1"}, "JIANFU_REGIONS is not valid JSON"),
        ({"JIANFU_SERVICE": "x", "JIANFU_SERVICE__LANGUAGE": "en"}, "JIANFU_SERVICE__LANGUAGE cannot set one"),
        ({"JIANFU_CONFIG": "/nowhere/config.toml"}, "/nowhere/config.toml does not exist"),
    ],
)
def test_a_wrong_variable_is_named(environment: dict[str, str], names: str, tmp_path: Path) -> None:
    """One sentence names the variable, also when there is a good file."""
    with pytest.raises(ConfigurationError) as refusal:
        loaded(tmp_path, environment, "")
    assert names in str(refusal.value)


@pytest.mark.parametrize(
    "environment",
    [
        {"JIANFU_TELEGRAM__SECRET_TOKEN": "geheim!!"},
        {"JIANFU_TELEGRAM__TOKEN": "geheim!!", "JIANFU_TELEGRAM__MODE": "webhook"},
        {"JIANFU_TELEGRAM__TOKNE": "geheim!!"},
        {"JIANFU_STORAGE__URL": "postgres://u:geheim!!@h/d"},
        {"JIANFU_TELEGRAM__PROXY": "u:geheim!!@127.0.0.1"},
    ],
)
def test_a_refusal_does_not_repeat_the_value(environment: dict[str, str], tmp_path: Path) -> None:
    """A secret in a wrong place is not printed."""
    with pytest.raises(ConfigurationError) as refusal:
        loaded(tmp_path, environment)
    assert "geheim" not in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('[telegram]\ntoken = "1:A"\n', "[telegram] token"),
        ('[telegram]\nsecret_token = "abc"\n', "[telegram] secret_token"),
        ('[telegram]\nproxy = "http://u:p@127.0.0.1:1"\n', "[telegram] proxy"),
        ('[storage]\nurl = "postgresql+asyncpg://u:p@h/d"\n', "[storage] url"),
    ],
)
def test_a_secret_in_an_open_file_is_refused(text: str, names: str, tmp_path: Path) -> None:
    """A file with a secret that others can read stops the start and says the cure; closed, it is fine."""
    with pytest.raises(ConfigurationError, match="chmod 600") as refusal:
        loaded(tmp_path, {}, text, mode=0o640)
    assert names in str(refusal.value)
    assert loaded(tmp_path, {}, text, mode=0o600) != Settings()


def test_addresses_without_a_password_are_no_secret(tmp_path: Path) -> None:
    """A plain SQLite address and a plain proxy may stand in an open file."""
    text = '[storage]\nurl = "sqlite+aiosqlite:///other.sqlite"\n[telegram]\nproxy = "http://127.0.0.1:1"\n'
    assert loaded(tmp_path, {}, text, mode=0o644).telegram.proxy == "http://127.0.0.1:1"


def test_no_secret_is_in_a_representation() -> None:
    """Settings can be printed."""
    settings, _ = load_settings({variable(*name): OTHERS[name][0] for name in OTHERS if name[0] != "keys"})
    assert "1:A" not in repr(settings)
    assert "Se-cr_et1" not in repr(settings)
    assert "u@h" not in repr(settings)


def test_relative_places_are_relative_to_the_file(tmp_path: Path) -> None:
    """Folders and a SQLite file lie beside the configuration, wherever the program was started."""
    (tmp_path / "etc").mkdir()
    file = tmp_path / "etc" / "jianfu.toml"
    file.write_text('[keys]\ndir = "../secret"\n', encoding="utf-8")
    settings, found = load_settings({"JIANFU_STORAGE__URL": "sqlite+aiosqlite:///own.sqlite"}, path=file)
    assert found == file
    assert settings.service.data_dir == tmp_path / "etc" / "data"
    assert settings.keys.dir == tmp_path / "secret"
    assert settings.database_url == f"sqlite+aiosqlite:///{tmp_path}/etc/own.sqlite"


def test_without_a_file_everything_has_a_default(tmp_path: Path) -> None:
    """No file, no variable: a SQLite file in ./data, one region, no channel."""
    settings, found = load_settings(
        {"HOME": "/root", "JIANFU_STORAGE__URL": "", "JIANFU_TELEGRAM__TOKEN": ""}, folder=tmp_path
    )
    assert found is None
    assert settings.database_url == f"sqlite+aiosqlite:///{tmp_path}/data/jianfu.sqlite"
    assert len(settings.tree.leaves) == 1
    assert settings.telegram.token is None
    assert settings.release.band_width == settings.release.k
    assert str(settings.zone) == "Asia/Shanghai"


def test_the_file_is_found_by_option_before_variable_before_folder(tmp_path: Path) -> None:
    """--config wins over JIANFU_CONFIG, which wins over ./config.toml."""
    places = [tmp_path / name for name in ("option.toml", "variable.toml", "config.toml")]
    for number, place in enumerate(places):
        place.write_text(f"[server]\nport = {9000 + number}\n", encoding="utf-8")
    environment = {"JIANFU_CONFIG": str(places[1])}
    assert load_settings(environment, path=places[0], folder=tmp_path)[0].server.port == 9000
    assert load_settings(environment, folder=tmp_path)[0].server.port == 9001
    assert load_settings({}, folder=tmp_path)[0].server.port == 9002


def test_a_file_from_a_windows_editor_is_read(tmp_path: Path) -> None:
    """A byte order mark at the beginning does no harm; another encoding is named."""
    (tmp_path / "config.toml").write_bytes(b"\xef\xbb\xbf[server]\nport = 9000\n")
    assert load_settings({}, folder=tmp_path)[0].server.port == 9000
    (tmp_path / "config.toml").write_bytes("# 配置\n".encode("gb18030"))
    with pytest.raises(ConfigurationError, match="not UTF-8"):
        load_settings({}, folder=tmp_path)


def test_a_folder_is_no_configuration_file(tmp_path: Path) -> None:
    """--config of a folder is refused like a missing file."""
    with pytest.raises(ConfigurationError, match="does not exist"):
        load_settings({}, path=tmp_path)
