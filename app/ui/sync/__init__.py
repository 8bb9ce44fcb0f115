"""The sync page: what is saved here and what the centre has receipted."""
