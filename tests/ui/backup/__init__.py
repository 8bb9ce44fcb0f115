"""The backup page in its window, with a real keeper and a folder for a disk."""
