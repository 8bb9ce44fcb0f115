"""What is seen: one folder per station, named as in workflows."""
