"""What is printed: domain values in, PDF, bitmap or signed code out."""
