"""How a device is told of an event of its own that the centre keeps and cannot file, or could after all.

It is a finding about the envelope: its reason is the name of what is in the way, later that nothing is.
"""

ENVELOPE = "envelope"
"""In place of a field."""
FOREIGN = "SiteOutOfScope"
"""The reason that is told of every event it stands in the way of: its site is none of the device's."""
ADMITTED = "admitted"
"""The centre has filed the event since."""
