"""Registration (登记): one search box, the person found, a queue ticket; new and corrected records."""
