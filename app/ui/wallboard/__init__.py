"""The wall board: what the people in the observation area read from across the hall."""
