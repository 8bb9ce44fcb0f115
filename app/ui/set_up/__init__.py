"""The guide of a first start: from the centre's address to the first manager."""
