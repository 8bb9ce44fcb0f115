"""What people do: one file per station, one function per act, one transaction each."""
