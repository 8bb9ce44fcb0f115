"""What is true: records, codes, identity, checklist, refusals. Standard library only."""
