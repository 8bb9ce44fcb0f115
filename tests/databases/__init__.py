"""A database of every release, which every later program must open."""
