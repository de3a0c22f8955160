"""Fluent texts, one file a language."""
