"""The one password of the practice site; shown on its sign-in screen."""

PASSWORD = "lianxi-2026"
