"""Finders of personal data; one module a family of data."""
