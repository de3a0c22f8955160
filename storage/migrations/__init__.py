"""Alembic, same steps on SQLite and PostgreSQL, never edited after release."""
