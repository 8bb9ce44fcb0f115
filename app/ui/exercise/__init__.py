"""The exercise of correction, at the practice site alone."""
