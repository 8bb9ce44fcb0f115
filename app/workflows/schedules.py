"""Taking a rule pack in: who did it stands in the journal; a pack that is not good changes nothing."""

from pathlib import Path

from app.domain.schedule.pack import Pack
from app.storage import schedules
from app.workflows.desk import Act


def take_pack(act: Act, file: Path, folder: Path) -> Pack:
    """Put a signed pack beside those of the site, in force from the next start; returns it.

    ``folder``: the data folder of the site. Raises PackBroken or PackUnsigned, with file and line, and the
    last good pack of this name stays.
    """
    act.require("take_pack")
    pack, sha256 = schedules.take_pack(file, schedules.site_folder(folder))
    signed = pack.signed_off_by
    assert signed is not None, "unsigned packs are refused"
    act.append(
        "schedule.taken",
        {
            "pack": pack.pack,
            "edition": pack.edition,
            "title": pack.title,
            "status": str(pack.status),
            "on_by_default": pack.on_by_default,
            "signed_off_by": signed.name,
            "signed_on": signed.on.isoformat(),
            "sha256": sha256,
            "recorded_at": act.at,
        },
    )
    return pack
