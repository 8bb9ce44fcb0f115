"""The same rooms as the program, plus journeys through the real windows."""
