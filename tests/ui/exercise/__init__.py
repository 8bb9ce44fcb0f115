"""The exercise of correction in the window."""
