"""The command `import`: letters and hotline calls from a file."""

from __future__ import annotations

import typer


def register(cli: typer.Typer) -> None:
    """Add the command."""
    _ = cli
