"""The last step of a first start: the store, with the site, its manager and what the centre gave."""

from dataclasses import dataclass

from app.storage.keys import SlotOwner
from app.storage.set_up import forget
from app.ui.program import Setting


@dataclass(frozen=True)
class Answers:
    """What the manager has stated; nothing of it is written before all of it is right."""

    manager: str
    password: str
    again: str


def state_site(setting: Setting, name: str, phone: str) -> None:
    """Remember the site's name and telephone; raises SiteNameMissing."""
    from dataclasses import replace

    from app.domain.site import SiteNameMissing
    from app.sync.first_enrolment import find_newcomer, keep_newcomer

    if not (name.strip() and phone.strip()):
        raise SiteNameMissing()
    newcomer = find_newcomer(setting.folder)
    assert newcomer is not None, "the centre has been asked"
    stated = replace(newcomer, site_name=name.strip(), site_phone=phone.strip())
    keep_newcomer(setting.folder, stated, setting.random)


def found(setting: Setting, answers: Answers) -> None:
    """Make the store; raises StaffNameMissing, PasswordsDiffer, AlreadySetUp or a password's refusal.

    The key file comes last: cut off before it, the next start asks for the manager again, for nothing else.
    """
    from app.domain.ids import uuid7
    from app.domain.passwords import check_alike, check_new_password
    from app.domain.site import Site
    from app.domain.staff import Role, StaffMember, StaffNameMissing
    from app.storage.opening import create_store
    from app.storage.store import Store
    from app.sync.first_enrolment import find_newcomer, move_in
    from app.workflows.desk import Desk
    from app.workflows.site_setup import found_site

    name = answers.manager.strip()
    if not name:
        raise StaffNameMissing()
    check_new_password(answers.password, (name,))
    check_alike(answers.password, answers.again)
    newcomer = find_newcomer(setting.folder)
    assert newcomer is not None, "the centre has been asked"
    site = Site(newcomer.site_id, newcomer.site_name, newcomer.site_id[:6], newcomer.site_phone)
    manager = StaffMember(uuid7(setting.clock.now(), setting.random), name, "负责人", frozenset(Role))

    def fill(store: Store) -> None:
        desk = Desk(store, setting.clock, setting.random, setting.desk_name)
        desk.user = manager
        desk.do(found_site, newcomer.stream, site, manager)
        store.write(lambda transaction: move_in(transaction.db, newcomer))

    owner = SlotOwner(manager.staff_id, manager.name, manager.title)
    create_store(setting.folder, [owner], answers.password, setting.random, fill=fill).close()
    forget(setting.folder)
