"""Files of rule packs as somebody brings them: those that ship, changed in a few places and signed."""

from pathlib import Path
from typing import Any

from app.storage.schedules import SHIPPED, Brought
from app.workflows import schedules
from tests.factories import MANAGER
from tests.workflows.copied_site import CopiedSite

SIGNED = '"status": "in_force", "signed_off_by": {"name": "沈若溪", "on": "2026-03-01"}'


def pack_text(name: str = "cn-hpv-2025", **changed: str) -> str:
    """Return a shipped pack, signed; ``changed``: for a field of the first lines, what stands behind it."""
    text = (SHIPPED / f"{name}.json").read_text("utf-8").replace('"status": "unverified"', SIGNED)
    lines = text.split("\n")
    for field, value in changed.items():
        place = next(place for place, line in enumerate(lines) if line.startswith(f' "{field}":'))
        lines[place] = f' "{field}": {value},'
    return "\n".join(lines)


def of_province(code: str = "100000", **changed: str) -> str:
    """Return the pack of HPV as the rule of a province."""
    region = f'"cn-hpv-{code}", "region": {{"layer": "province", "code": "{code}"}}'
    return pack_text(pack=region, **changed)


def of_site(code: str = "1001010001", **changed: str) -> str:
    """Return the pack of HPV as the rule of one site."""
    region = f'"cn-hpv-here", "region": {{"layer": "site", "code": "{code}"}}'
    return pack_text(pack=region, **changed)


def brought(site: CopiedSite, text: str, name: str = "brought.json") -> Any:
    """Return what somebody brought, looked at, and what it would change."""
    file = site.folder / name
    file.write_text(text, "utf-8")
    return schedules.look_at(site.desk, file)


def take(site: CopiedSite, text: str) -> Brought:
    """Let the manager and the doctor take a pack, and use it."""
    site.as_user(MANAGER)
    one: Brought = brought(site, text)[0]
    site.desk.do(schedules.take_pack, one, site.folder, site.beside())
    schedules.use_packs_of(site.desk.read(), site.folder)
    return one


def kept(folder: Path) -> list[str]:
    """Return the files of the packs that a site took."""
    return sorted(file.name for file in (folder / "schedules").glob("*"))
