"""The sync page in the real window, on the real store, with a centre on paper or a real one."""
