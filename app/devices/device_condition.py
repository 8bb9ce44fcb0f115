"""Whether a device can be used; the screens put it into words."""

from enum import StrEnum


class DeviceCondition(StrEnum):
    """What a device strip shows of a scanner or a camera."""

    OFF = "off"
    """Not asked for."""
    ABSENT = "absent"
    """Asked for, not plugged in."""
    READY = "ready"
    FAULTY = "faulty"
    """Plugged in, but it cannot be used: in use elsewhere, no permission, broken."""
