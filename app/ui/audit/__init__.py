"""Why a record is read, and the page of who read, printed and let pass what."""
