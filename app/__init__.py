"""Vaxpost 接种岗: the program at a vaccination site."""

VERSION = "0.1.0"
"""As in pyproject.toml."""
