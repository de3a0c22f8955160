"""Deciding what a text says."""
