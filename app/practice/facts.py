"""What the start of the practice site needs to know before anything heavy is loaded."""

PASSWORD = "lianxi-2026"
"""Everybody's at the practice site; shown on its sign-in screen."""
RESIDENTS = 2000
"""Of three villages."""
