"""The documents: every command and setting they name exists, every command there is stands in both of them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.core import TyperArgument, TyperGroup, TyperOption
from typer.testing import CliRunner

from bot.commands.main import command_line
from bot.conversation.command_words import COMMANDS
from bot.settings import RegionSettings, Settings

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh-CN.md")
each_readme = pytest.mark.parametrize("name", READMES)

# The words of the house (style.md); the glossary explains each.
WORDS = (
    "reporter", "kind", "report", "body", "region", "category / group", "clause", "task ledger", "policy pack",
    "classification", "receipt", "node / leaf", "band", "slip", "gate", "digest", "release", "inbox / outbox",
    "channel", "step / reply", "block", "day key", "draft",
)  # fmt: skip
AVOIDED = re.compile(r"(?:^|_)(manager|helpers?|utils?|ticket|tag)(?:_|$)", re.IGNORECASE)


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def group() -> TyperGroup:
    command = typer.main.get_command(command_line())
    assert isinstance(command, TyperGroup)
    return command


def commands(inside: TyperGroup | None = None, path: str = "") -> Iterator[tuple[str, Any]]:
    """Return every command there is by its whole name, such as `people list`."""
    for name, command in (inside or group()).commands.items():
        if isinstance(command, TyperGroup):
            yield from commands(command, f"{path}{name} ")
        else:
            yield f"{path}{name}", command


def shown(name: str) -> list[str]:
    """Return each `jianfu …` call a document shows, in a block or within a line."""
    text = text_of(name)
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))
    lines = [line for block in blocks for line in block.splitlines()] + spans
    calls = (re.search(r"(?:^|\| |\s|\.venv/bin/)jianfu (.+)$", line) for line in lines)
    return [re.sub(r"\s+#.*|\s*[|<>].*", "", call[1]) for call in calls if call]


def find(words: list[str]) -> tuple[Any | None, list[str]]:
    """Return the command that words name, and the words behind it."""
    command: Any | None = group()
    while isinstance(command, TyperGroup) and words and not words[0].startswith("-"):
        command, words = command.commands.get(words[0]), words[1:]
    return command, words


# ---- commands ----


@each_readme
def test_a_readme_names_the_two_make_commands(name: str) -> None:
    """A newcomer finds `make run` and `make test`, and both exist."""
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z-]+)", " ".join(re.findall(r"`+[^`]+`+", text_of(name)))))
    assert {"run", "test"} <= named <= targets


@each_readme
def test_a_readme_names_every_command(name: str) -> None:
    """Each command of the command line stands in both languages."""
    calls = shown(name)
    assert [
        path for path, _ in commands() if not any(call.split()[: len(path.split())] == path.split() for call in calls)
    ] == []


@pytest.mark.parametrize("name", [*READMES, "CONTRIBUTING.md", "SECURITY.md", "docs/architecture.md"])
def test_every_call_shown_would_be_accepted(name: str) -> None:
    """Each call a document shows names a command, options it has, and no more words than it takes."""
    for call in shown(name):
        command, rest = find(shlex.split(call))
        assert command is not None, call
        options = {option: parameter for parameter in command.params for option in parameter.opts}
        words = iter(rest)
        taken = 0
        for word in words:
            if not word.startswith("--"):
                taken += 1
                continue
            option = options.get(word.partition("=")[0]) if word != "--help" else None
            assert option is not None or word == "--help", call
            if isinstance(option, TyperOption) and not option.is_flag and "=" not in word:
                assert next(words, None) is not None, call
        accepted = [parameter for parameter in command.params if isinstance(parameter, TyperArgument)]
        assert taken <= len(accepted) or any(argument.nargs == -1 for argument in accepted), call


@pytest.mark.parametrize("path", [path for path, _ in commands()])
def test_every_command_explains_itself(path: str) -> None:
    """`--help` of each command ends well, has a sentence and explains each option."""
    result = CliRunner().invoke(command_line(), [*path.split(), "--help"])
    assert result.exit_code == 0
    command = dict(commands())[path]
    assert (command.help or "").strip().partition("\n")[0].endswith(".")
    options = [parameter for parameter in command.params if isinstance(parameter, TyperOption)]
    assert [option.name for option in options if not option.help] == []


@pytest.mark.parametrize("arguments", [["nonsense"], ["run", "--nonsense"], ["people"], ["digest", "--format", "fax"]])
def test_wrong_use_ends_with_two(arguments: list[str]) -> None:
    """A command, option or value that does not exist is wrong use, without a traceback."""
    result = CliRunner().invoke(command_line(), arguments)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


@each_readme
def test_a_readme_names_every_chat_command(name: str) -> None:
    """What can be typed in the chat stands in both languages, and nothing else does."""
    named = set(re.findall(r"`/([a-z]+)\b[^`]*`", text_of(name))) - {"webhook"}
    assert named - {"clear"} == set(COMMANDS)


# ---- settings ----


def settings() -> set[str]:
    """Return every setting as `section.key`."""
    found = set()
    for section, field in Settings.model_fields.items():
        model = RegionSettings if section == "regions" else field.annotation
        assert isinstance(model, type)
        found |= {f"{section}.{key}" for key in getattr(model, "model_fields", {})}
    return found


@pytest.mark.parametrize("name", [*READMES, "SECURITY.md", "docs/architecture.md", "CONTRIBUTING.md"])
def test_every_setting_named_exists(name: str) -> None:
    """`[section] key`, `JIANFU_SECTION__KEY` and `key = value` in the documents are settings."""
    text = text_of(name)
    named = {f"{section}.{key}" for section, key in re.findall(r"`\[([a-z]+)\] ([a-z_]+)", text)}
    named |= {f"{section}.{key}".lower() for section, key in re.findall(r"JIANFU_([A-Z]+)__([A-Z_]+)", text)}
    assert named <= settings()
    keys = {setting.partition(".")[2] for setting in settings()}
    assert set(re.findall(r"`([a-z_]+) = ", text)) <= keys
    sections = set(re.findall(r"`\[\[?([a-z]+)\]", text))
    assert sections <= set(Settings.model_fields)


# ---- the rest ----


@each_readme
def test_a_readme_shows_a_whole_conversation(name: str) -> None:
    """The transcript goes from piped lines to the receipt, and nothing was left to be filled in."""
    text = text_of(name)
    assert not re.search(r"@[A-Z]+@", text)
    assert re.search(r"printf .*\| make run", text)
    assert re.search(r"([2-9A-HJKMNP-Z]{5}-){3}[2-9A-HJKMNP-Z]{5}", text)


@pytest.mark.parametrize("name", [*READMES, "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "docs/architecture.md"])
def test_every_link_leads_somewhere(name: str) -> None:
    """A link within the repository leads to a file."""
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text_of(name))
    broken = [link for link in links if "://" not in link and not ((ROOT / name).parent / link).exists()]
    assert broken == []


def test_the_glossary_explains_the_words_of_the_house() -> None:
    """Each word has its row, each row its meaning, none twice."""
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", text_of("docs/glossary.md"), re.MULTILINE)
    words = [word for word, _ in rows if set(word) != {"-"}]
    assert [word for word in WORDS if word not in words] == []
    assert len(words) == len(set(words))
    assert all(len(meaning) >= 3 for _, meaning in rows)


def test_no_name_is_one_of_the_words_we_avoid() -> None:
    """No module and no class is a manager, a helper or a ticket."""
    files = [file for package in ("bot", "classifiers", "storage", "domain") for file in (ROOT / package).rglob("*.py")]
    names = [file.stem for file in files]
    for file in files:
        classes = re.findall(r"^class (\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
        names += [re.sub(r"(?<!^)(?=[A-Z])", "_", name) for name in classes]
    assert [name for name in names if AVOIDED.search(name)] == []


def test_decisions_are_numbered_and_listed() -> None:
    """Each record has its number and its line in the list, with what was decided and why."""
    folder = ROOT / "docs" / "decisions"
    records = sorted(file.name for file in folder.glob("[0-9]*.md"))
    assert [name[:4] for name in records] == [f"{number:04d}" for number in range(1, len(records) + 1)]
    listed = (folder / "README.md").read_text(encoding="utf-8")
    for name in records:
        text = (folder / name).read_text(encoding="utf-8")
        assert text.startswith(f"# {name[:4]} ")
        assert "**Decided.**" in text
        assert "**Why.**" in text
        assert name in listed
