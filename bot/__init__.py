"""Talking to people."""
