"""Run by Alembic over the connection that `storage/migrating.py` hands in."""

from __future__ import annotations

from alembic import context

from storage.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
)
# The caller began the transaction: all steps or none.
context.run_migrations()
