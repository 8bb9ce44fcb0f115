"""What is fast and what it costs: every figure beside the raw operation, in the same run."""
