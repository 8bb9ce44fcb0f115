"""Passwords, PINs and badges at a real key file and a real store (SEC-2, STF-8)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain import passwords
from app.domain.checklist import Item
from app.domain.clock import instant_text
from app.domain.permissions import NotPermitted
from app.domain.refusals import Refusal
from app.practice.site import SITE, STAFF
from app.storage import attempts, journal
from app.storage.credentials import find_credential, put_password
from app.storage.device_secret import find_device_secret
from app.storage.door import Door
from app.storage.hashing import PIN_COSTS, hash_secret
from app.storage.keys import KEYS, PasswordWrong, SlotOwner, key_file
from app.ui.texts import sentence_of
from app.workflows import credentials, sign_in, site_setup, staff
from app.workflows.credentials import PasswordNeeded, PinWrong
from app.workflows.desk import NobodySignedIn
from app.workflows.needle import confirm_item
from tests.factories import KEY, MANAGER, NURSE
from tests.strategies import seeded_random
from tests.workflows.copied_site import CopiedSite, quick_folder

FIRST, PIN, BADGE = "Yunxi-2026", "204817", "EMP-0001-7731"
NEXT = ("Liulin-2027", "Shanghe#31", "Xiahe@4455", "Donghe!6677", "Xihe?8899a", "Beihe*0011")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key file of the nurse and the manager, made once."""
    folder = tmp_path_factory.mktemp("keys")
    file = key_file(folder, seeded_random(3), use_keyring=False)
    for member in STAFF:
        if member.staff_id in (NURSE, MANAGER):
            file.add(SlotOwner(member.staff_id, member.name, member.title), FIRST, KEY, seeded_random(4))
    return folder


@dataclass
class Entrance:
    """A site that is no practice site, its key file and its door."""

    site: CopiedSite

    def __post_init__(self) -> None:
        self.desk, self.clock = self.site.desk, self.site.clock
        self.site.as_user(MANAGER)
        self.desk.do(site_setup.configure_site, replace(SITE, practice=False))
        self.site.as_user(NURSE)

    @property
    def door(self) -> Door:
        """As a program started anew has it."""
        return Door(self.site.folder, self.clock, seeded_random(5), use_keyring=False)

    def change(self, old: str, new: str) -> None:
        credentials.change_password(self.desk, self.door, NURSE, old, new, use_keyring=False)

    def had(self, password: str) -> None:
        """Let a password have stood from now on, hashed quickly."""
        hashed = hash_secret(password, seeded_random(6), PIN_COSTS)
        at = instant_text(self.clock.now())
        self.site.store.write(lambda t: put_password(t.db, NURSE, at, hashed, must_change=False))

    def wrong(self, times: int = 1) -> None:
        """What a wrong password leaves, without the time it takes."""
        secret = find_device_secret(self.site.folder, use_keyring=False)
        for _ in range(times):
            attempts.Attempts(self.site.folder, lambda: secret, self.clock, seeded_random(6)).begin(NURSE)

    def events(self, kind: str) -> list[dict[str, object]]:
        return [event.body for event in journal.events_of(self.desk.read(), [kind])]


@pytest.fixture
def entrance(keys: Path) -> Iterator[Entrance]:
    with quick_folder() as folder:
        for file in keys.iterdir():
            (Path(folder) / file.name).write_bytes(file.read_bytes())
        site = CopiedSite(Path(folder))
        yield Entrance(site)
        site.close()


def slots(folder: Path) -> dict[str, str]:
    content = json.loads((folder / KEYS).read_text("utf-8"))
    return {slot["staff_id"]: json.dumps(slot) for slot in content["slots"]}


def test_a_password_change_touches_one_slot(entrance: Entrance) -> None:
    """SEC-2: the others' bytes are unchanged; the old password opens nothing any more."""
    before = slots(entrance.site.folder)
    entrance.change(FIRST, NEXT[0])
    after = slots(entrance.site.folder)
    assert after[MANAGER] == before[MANAGER]
    assert after[NURSE] != before[NURSE]
    entrance.door.check(entrance.site.store, NURSE, NEXT[0])
    with pytest.raises(PasswordWrong):
        entrance.door.check(entrance.site.store, NURSE, FIRST)
    assert entrance.events("user.password_changed")[-1]["staff_id"] == NURSE


def test_nobody_changes_a_password_without_the_old_one(entrance: Entrance) -> None:
    before = (entrance.site.folder / KEYS).read_bytes()
    with pytest.raises(PasswordWrong):
        entrance.change("wrong", NEXT[0])
    assert (entrance.site.folder / KEYS).read_bytes() == before


def test_the_last_five_passwords_are_not_taken_again(entrance: Entrance) -> None:
    for new in NEXT:
        entrance.had(new)
    for used in (NEXT[5], NEXT[1]):
        with pytest.raises(passwords.PasswordUsedBefore):
            entrance.change(FIRST, used)
    entrance.change(FIRST, NEXT[0])
    stored = find_credential(entrance.desk.read(), NURSE)
    assert stored is not None
    assert len(stored.former) == 5


def test_a_password_stands_ninety_days(entrance: Entrance) -> None:
    entrance.had(FIRST)
    entrance.clock.go(minutes=60 * 24 * 83)
    assert credentials.password_due(entrance.desk, NURSE) is None
    assert credentials.password_notice(entrance.desk, NURSE) == credentials.PasswordEnding(7)
    entrance.clock.go(minutes=60 * 24 * 7)
    assert credentials.password_due(entrance.desk, NURSE) is None
    entrance.clock.go(minutes=60 * 24)
    assert credentials.password_due(entrance.desk, NURSE) == credentials.PasswordMustChange(False, 90)
    entrance.had(NEXT[0])
    assert credentials.password_due(entrance.desk, NURSE) is None


def test_at_the_practice_site_nobody_must_change_anything(site: CopiedSite) -> None:
    site.clock.go(minutes=60 * 24 * 400)
    assert credentials.password_due(site.desk, NURSE) is None
    assert credentials.password_notice(site.desk, NURSE) is None


def test_a_given_password_must_be_changed_at_the_first_sign_in(entrance: Entrance) -> None:
    entrance.site.as_user(MANAGER)
    credentials.give_password(entrance.desk, NURSE, NEXT[0], use_keyring=False)
    entrance.door.check(entrance.site.store, NURSE, NEXT[0])
    assert credentials.password_due(entrance.desk, NURSE) == credentials.PasswordMustChange(True, 90)
    with pytest.raises(passwords.PasswordUsedBefore):
        entrance.change(NEXT[0], NEXT[0])
    entrance.change(NEXT[0], NEXT[1])
    assert credentials.password_due(entrance.desk, NURSE) is None


def test_only_the_manager_gives_passwords(entrance: Entrance) -> None:
    before = (entrance.site.folder / KEYS).read_bytes()
    with pytest.raises(NotPermitted):
        credentials.give_password(entrance.desk, MANAGER, NEXT[0], use_keyring=False)
    assert (entrance.site.folder / KEYS).read_bytes() == before


def test_brute_force_is_slow_however_often_the_program_and_the_clock_are_restarted(
    entrance: Entrance,
) -> None:
    entrance.wrong(4)
    with pytest.raises(PasswordWrong):
        entrance.door.check(entrance.site.store, NURSE, "wrong")
    entrance.clock.jump(timedelta(days=2))
    for _ in range(3):
        with pytest.raises(passwords.TooManyTries):
            entrance.door.check(entrance.site.store, NURSE, FIRST)
    entrance.clock.reboot()
    with pytest.raises(passwords.TooManyTries):
        entrance.door.check(entrance.site.store, NURSE, FIRST)
    entrance.clock.go(minutes=1)
    entrance.door.check(entrance.site.store, NURSE, FIRST)


def test_the_command_line_waits_as_the_screen_does(entrance: Entrance) -> None:
    entrance.wrong(5)
    with pytest.raises(passwords.TooManyTries):
        entrance.door.open(NURSE, FIRST)


def test_a_fault_that_is_not_the_passwords_counts_as_none(entrance: Entrance) -> None:
    (entrance.site.folder / "keys.json").rename(entrance.site.folder / "away")
    for _ in range(8):
        with pytest.raises(Refusal) as caught:
            entrance.door.check(entrance.site.store, NURSE, FIRST)
        assert not isinstance(caught.value, passwords.TooManyTries)
    assert entrance.door.tally().tries == ()


def test_wrong_tries_are_in_the_journal_at_the_next_sign_in_each_once(entrance: Entrance) -> None:
    entrance.wrong(3)
    tally = entrance.door.tally()
    sign_in.tell_tries(entrance.desk, entrance.door)
    entrance.door.settle(tally, 0)
    sign_in.tell_tries(entrance.desk, entrance.door)
    told = entrance.events("user.sign_in_failed")
    assert [(one["staff_id"], one["why"]) for one in told] == [(NURSE, "password")] * 3
    entrance.wrong()
    sign_in.tell_tries(entrance.desk, entrance.door)
    assert len(entrance.events("user.sign_in_failed")) == 4


def test_a_power_cut_between_journal_and_file_tells_nothing_twice(entrance: Entrance) -> None:
    entrance.wrong(2)
    file = entrance.site.folder / attempts.FILE
    before = file.read_bytes()
    sign_in.tell_tries(entrance.desk, entrance.door)
    file.write_bytes(before)
    sign_in.tell_tries(entrance.desk, entrance.door)
    assert len(entrance.events("user.sign_in_failed")) == 2


def test_an_earlier_file_put_back_is_noticed(entrance: Entrance) -> None:
    file = entrance.site.folder / attempts.FILE
    sign_in.tell_tries(entrance.desk, entrance.door)
    innocent = file.read_bytes()
    entrance.wrong(4)
    sign_in.tell_tries(entrance.desk, entrance.door)
    file.write_bytes(innocent)
    sign_in.tell_tries(entrance.desk, entrance.door)
    (noticed,) = entrance.events("user.tries_rewound")
    assert noticed["known"] == 4
    entrance.wrong()
    sign_in.tell_tries(entrance.desk, entrance.door)
    assert len(entrance.events("user.sign_in_failed")) == 5


def test_the_badge_of_who_was_removed_may_be_a_colleagues(entrance: Entrance) -> None:
    entrance.had(FIRST)
    credentials.set_badge(entrance.desk, BADGE)
    entrance.site.as_user(MANAGER)
    entrance.desk.do(staff.remove_staff, NURSE)
    assert find_credential(entrance.desk.read(), NURSE) is None
    credentials.set_badge(entrance.desk, BADGE)


def test_a_deleted_file_is_noticed(entrance: Entrance) -> None:
    sign_in.tell_tries(entrance.desk, entrance.door)
    (entrance.site.folder / attempts.FILE).unlink()
    with pytest.raises(passwords.TooManyTries):
        entrance.door.check(entrance.site.store, NURSE, FIRST)
    entrance.clock.go(minutes=1)
    entrance.door.check(entrance.site.store, NURSE, FIRST)
    sign_in.tell_tries(entrance.desk, entrance.door)
    assert [one["why"] for one in entrance.events("user.sign_in_failed")] == ["missing"]


# PIN and badge


def with_pin(entrance: Entrance) -> None:
    sign_in.sign_in(entrance.desk, NURSE)
    credentials.set_pin(entrance.desk, PIN)
    credentials.set_badge(entrance.desk, BADGE)


def test_a_pin_or_badge_does_after_the_days_first_password(entrance: Entrance) -> None:
    """STF-8."""
    with_pin(entrance)
    assert credentials.check_pin(entrance.desk, NURSE, PIN).staff_id == NURSE
    assert credentials.check_badge(entrance.desk, BADGE).staff_id == NURSE
    assert credentials.has_quick_way(entrance.desk, NURSE)


def test_the_next_day_begins_with_the_password(entrance: Entrance) -> None:
    with_pin(entrance)
    entrance.clock.go(minutes=60 * 24)
    assert not credentials.has_quick_way(entrance.desk, NURSE)
    for ask in (
        lambda: credentials.check_pin(entrance.desk, NURSE, PIN),
        lambda: credentials.check_badge(entrance.desk, BADGE),
    ):
        with pytest.raises(PasswordNeeded):
            ask()
    sign_in.sign_in(entrance.desk, NURSE, sign_in.Means.PIN)
    assert not credentials.has_quick_way(entrance.desk, NURSE), "only a password begins the day"
    sign_in.sign_in(entrance.desk, NURSE)
    assert credentials.has_quick_way(entrance.desk, NURSE)


def test_three_wrong_pins_and_only_the_password_helps(entrance: Entrance) -> None:
    with_pin(entrance)
    for left in (2, 1, 0):
        with pytest.raises(PinWrong) as caught:
            credentials.check_pin(entrance.desk, NURSE, "999000")
        assert caught.value.left == left
    with pytest.raises(PasswordNeeded):
        credentials.check_pin(entrance.desk, NURSE, PIN)
    assert [one["means"] for one in entrance.events("user.sign_in_failed")] == ["pin"] * 3
    sign_in.sign_in(entrance.desk, NURSE)
    assert credentials.check_pin(entrance.desk, NURSE, PIN).staff_id == NURSE


def test_the_right_pin_gives_the_tries_back(entrance: Entrance) -> None:
    with_pin(entrance)
    for _ in range(3):
        with pytest.raises(PinWrong):
            credentials.check_pin(entrance.desk, NURSE, "999000")
        credentials.check_pin(entrance.desk, NURSE, PIN)


def test_somebody_without_a_pin_needs_the_password(entrance: Entrance) -> None:
    sign_in.sign_in(entrance.desk, NURSE)
    with pytest.raises(PasswordNeeded):
        credentials.check_pin(entrance.desk, NURSE, PIN)
    with pytest.raises(credentials.BadgeUnknown):
        credentials.check_badge(entrance.desk, BADGE)


def test_a_given_password_takes_pin_and_badge_away(entrance: Entrance) -> None:
    with_pin(entrance)
    entrance.site.as_user(MANAGER)
    credentials.give_password(entrance.desk, NURSE, NEXT[0], use_keyring=False)
    with pytest.raises(PasswordNeeded):
        credentials.check_pin(entrance.desk, NURSE, PIN)
    with pytest.raises(credentials.BadgeUnknown):
        credentials.check_badge(entrance.desk, BADGE)


def test_a_badge_is_one_persons(entrance: Entrance) -> None:
    with_pin(entrance)
    entrance.site.as_user(MANAGER)
    for code in (BADGE, "short"):
        with pytest.raises(credentials.BadgeTaken):
            credentials.set_badge(entrance.desk, code)


def test_neither_pin_nor_badge_nor_password_can_be_read_anywhere(entrance: Entrance) -> None:
    with_pin(entrance)
    entrance.change(FIRST, NEXT[0])
    for row in entrance.desk.read().execute("select * from credential"):
        assert not any(secret in str(value) for value in row for secret in (PIN, BADGE, FIRST, NEXT[0]))
    for event in journal.events(entrance.desk.read()):
        assert not any(secret in str(event.body) for secret in (PIN, BADGE, FIRST, NEXT[0]))
    for file in entrance.site.folder.iterdir():
        assert not any(secret.encode() in file.read_bytes() for secret in (PIN, BADGE, FIRST, NEXT[0]))


def test_at_a_locked_desk_nobody_answers(entrance: Entrance) -> None:
    visit = entrance.site.at_needle()
    entrance.desk.is_locked = True
    with pytest.raises(NobodySignedIn):
        entrance.desk.do(confirm_item, visit.encounter_id, Item.BOOKLET)
    sign_in.sign_in(entrance.desk, NURSE, sign_in.Means.PIN)
    assert not entrance.desk.is_locked


@pytest.mark.parametrize(
    "refusal",
    [
        passwords.PasswordTooShort(8), passwords.PasswordTooPlain(3), passwords.PasswordNamesOwner(),
        passwords.PasswordUsedBefore(5), passwords.PinTooPlain(6), passwords.TooManyTries(61),
        passwords.TooManyTries(5), credentials.PasswordMustChange(True, 90),
        credentials.PasswordMustChange(False, 90), credentials.PasswordEnding(0),
        credentials.PasswordEnding(3), PinWrong(0), PinWrong(2), PasswordNeeded("周敏"),
        credentials.BadgeUnknown(), credentials.BadgeTaken(),
    ],
    ids=str,
)  # fmt: skip
def test_every_no_can_be_said(refusal: Refusal) -> None:
    said = sentence_of(refusal)
    assert all((said.happened, said.safe, said.todo))


def test_a_second_person_shows_who_they_are_by_pin_or_password(entrance: Entrance) -> None:
    """The desk stays the first one's."""
    with_pin(entrance)
    entrance.site.as_user(MANAGER)
    for secret in (PIN, FIRST):
        second = credentials.show_second(entrance.desk, entrance.door, NURSE, secret)
        assert second.member.staff_id == NURSE
    with pytest.raises(PinWrong):
        credentials.show_second(entrance.desk, entrance.door, NURSE, "999000")
    assert entrance.desk.user is not None
    assert entrance.desk.user.staff_id == MANAGER


def test_who_is_removed_has_no_slot_and_the_others_keep_theirs(entrance: Entrance) -> None:
    before = slots(entrance.site.folder)
    entrance.site.as_user(MANAGER)
    credentials.take_away(entrance.desk, NURSE, use_keyring=False)
    assert slots(entrance.site.folder) == {MANAGER: before[MANAGER]}
    with pytest.raises(PasswordWrong):
        entrance.door.open(NURSE, FIRST)


def test_only_the_manager_takes_a_slot_away(entrance: Entrance) -> None:
    before = slots(entrance.site.folder)
    with pytest.raises(NotPermitted):
        credentials.take_away(entrance.desk, MANAGER, use_keyring=False)
    assert slots(entrance.site.folder) == before
