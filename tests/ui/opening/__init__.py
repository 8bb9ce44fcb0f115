"""The opening page."""
