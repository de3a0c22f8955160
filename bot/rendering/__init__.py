"""Digests and statistics as text and chart."""
