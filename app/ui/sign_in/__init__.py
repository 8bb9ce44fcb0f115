"""Who is at this desk: names first, then a password."""
