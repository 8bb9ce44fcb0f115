"""The fridge page under test."""
