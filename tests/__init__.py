"""The same rooms as the program, plus journeys."""
