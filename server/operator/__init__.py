"""The operator's web page of the centre: a port of its own, for this machine alone."""
