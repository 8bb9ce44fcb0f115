"""What a device without a line writes to a stick arrives once; only its centre can say so (SYN-1)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.sync.bundle import (
    Bundle,
    BundleKeyMissing,
    BundleOfOtherCentre,
    read_bundle,
    write_bundle,
)
from app.sync.envelope import BundleDamaged
from app.sync.frame import MessageMalformed
from app.sync.stick_reply import BundleQuarantined, BundleRejected, Taken
from server.authority import make_authority
from server.database import Database
from server.devices import DeviceUnknown, revoke
from server.handing_in import BundleDecided, decide, hand_in, see_quarantine
from tests.clocks import ManualClock
from tests.factories import SmallSite
from tests.server.carried_site import BY, CarriedSite
from tests.server.desk import AUTHORITY

OTHER = make_authority(ManualClock().now())


@pytest.fixture
def carried(small_site: SmallSite, database: Database) -> CarriedSite:
    return CarriedSite(small_site, database)


def test_all_a_device_had_arrives_by_stick_and_receipts_come_back(carried: CarriedSite) -> None:
    carried.site.vaccinated()
    waiting = carried.waiting()
    packed = carried.pack()
    assert (packed.count, packed.left) == (waiting, 0)
    assert carried.take(carried.carry(packed)).receipts == waiting
    assert (carried.waiting(), carried.held()) == (0, waiting)
    assert carried.pack().count == 0, "it only asks"


def test_a_bundle_twice_or_in_any_order_is_the_same_as_once(carried: CarriedSite) -> None:
    first = carried.pack()
    dose = carried.site.vaccinated()
    second = carried.pack()
    late = carried.carry(second)
    for packed in (first, second, first):
        early = carried.carry(packed)
    assert carried.held() == second.count
    assert carried.take(early).receipts == first.count, "the first knows nothing of what came after"
    assert carried.take(late).receipts == second.count - first.count
    assert carried.take(late) == carried.take(early) == Taken()
    assert carried.waiting() == 0
    row = carried.database.execute(
        "select count(*) from immunization where immunization_id = %s", (dose["immunization_id"],)
    ).fetchone()
    assert row == (1,)


def test_nobody_reads_a_persons_name_on_the_stick(carried: CarriedSite) -> None:
    packed = carried.pack()
    assert carried.site.patient().name.encode() not in packed.data
    with pytest.raises(BundleOfOtherCentre):
        read_bundle(packed.data, OTHER.key)


@pytest.fixture
def whole(carried: CarriedSite) -> bytes:
    return carried.pack().data


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    kind=st.sampled_from(["cut", "flipped", "tail", "longer"]),
    far=st.integers(0, 10**6),
    bit=st.integers(0, 7),
)
def test_a_damaged_or_cut_off_bundle_is_refused_and_nothing_is_taken(
    carried: CarriedSite, whole: bytes, kind: str, far: int, bit: int
) -> None:
    place = far % len(whole)
    torn = {
        "cut": whole[:place],
        "flipped": whole[:place] + bytes([whole[place] ^ (1 << bit)]) + whole[place + 1 :],
        "tail": whole[place + 1 :],
        "longer": whole + bytes([bit]),
    }[kind]
    with pytest.raises((BundleDamaged, BundleOfOtherCentre)):
        hand_in(carried.database, AUTHORITY, torn, BY, carried.now)
    assert carried.held() == 0


def test_a_bundle_says_in_one_word_what_is_wrong_with_it(carried: CarriedSite) -> None:
    whole = carried.pack().data
    for torn, reason in (
        (b"%PDF-1.7", "foreign"),
        (whole[:-1], "cut"),
        (whole[:5], "cut"),
        (whole[:-1] + b"\0\0", "changed"),
    ):
        with pytest.raises(BundleDamaged) as caught:
            read_bundle(torn, AUTHORITY.key)
        assert caught.value.reason == reason


def test_who_was_never_enrolled_or_speaks_for_another_is_not_heard(carried: CarriedSite) -> None:
    bundle = read_bundle(carried.pack().data, AUTHORITY.key)
    carried.database.execute("delete from device_certificate")
    with pytest.raises(DeviceUnknown):
        hand_in(carried.database, AUTHORITY, write_bundle(bundle, carried.identity), BY, carried.now)
    again = CarriedSite(carried.site, carried.database)
    odd = replace(bundle, certificate=again.identity.certificate, requests=(b"\x8fV",))
    with pytest.raises(MessageMalformed):
        hand_in(carried.database, AUTHORITY, write_bundle(odd, again.identity), BY, carried.now)
    unsigned = replace(bundle, certificate=again.identity.certificate)
    with pytest.raises(BundleDamaged):
        hand_in(carried.database, AUTHORITY, write_bundle(unsigned, carried.identity), BY, carried.now)
    assert carried.held() == 0


def test_a_device_that_does_not_know_its_centres_authority_writes_no_bundle(carried: CarriedSite) -> None:
    told = tuple(make_authority(carried.now).trust)
    with pytest.raises(BundleKeyMissing):
        write_bundle(
            Bundle(carried.identity.certificate, carried.now, ()), replace(carried.identity, trust=told)
        )


class Withdrawn:
    """A device with a dose from before it was revoked, sealed within the hour, and one from after."""

    def __init__(self, carried: CarriedSite) -> None:
        self.carried = carried
        carried.site.vaccinated()
        self.before = carried.waiting()
        assert carried.seal_the_hour() == 1
        carried.site.clock.go(minutes=30)
        revoke(carried.database, carried.device_id, carried.now)
        carried.site.clock.go(minutes=30)
        carried.site.vaccinated(carried.site.patient(index=1), vial=1)
        self.packed = carried.pack()


@pytest.fixture
def withdrawn(carried: CarriedSite) -> Withdrawn:
    return Withdrawn(carried)


def test_what_a_withdrawn_device_hands_in_is_kept_apart_and_tells_what_was_sealed_before(
    withdrawn: Withdrawn,
) -> None:
    """SEC-1: the laptop was stolen, or taken out of service a day too early; only people can tell."""
    carried = withdrawn.carried
    for _ in range(2):
        with pytest.raises(BundleQuarantined):
            carried.take(carried.carry(withdrawn.packed))
    assert carried.held() == 0
    (held,) = see_quarantine(carried.database, 10)
    assert (held.standing, held.events, held.doses) == ("DeviceRevoked", withdrawn.packed.count, 2)
    assert held.sealed_before == withdrawn.before
    assert held.handed_in_by == BY
    assert carried.waiting() == withdrawn.packed.count, "it stays on the device as well"


def test_accepted_it_is_taken_and_the_same_stick_brings_the_receipts(withdrawn: Withdrawn) -> None:
    carried = withdrawn.carried
    carried.carry(withdrawn.packed)
    (held,) = see_quarantine(carried.database, 10)
    place = held.device_id, held.digest
    decide(carried.database, place, (True, "纸质记录相符"), "陈一", carried.now)
    assert carried.held() == withdrawn.packed.count
    taken = carried.take(carried.carry(withdrawn.packed))
    assert taken == Taken(receipts=withdrawn.packed.count), "of the feeds nothing goes to who was withdrawn"
    assert carried.waiting() == 0
    with pytest.raises(BundleDecided):
        decide(carried.database, place, (False, "晚了"), "陈一", carried.now)


def test_rejected_it_is_never_taken_and_the_device_is_told_why(withdrawn: Withdrawn) -> None:
    carried = withdrawn.carried
    carried.carry(withdrawn.packed)
    (held,) = see_quarantine(carried.database, 10)
    decide(carried.database, (held.device_id, held.digest), (False, "设备被盗"), "陈一", carried.now)
    with pytest.raises(BundleRejected) as caught:
        carried.take(carried.carry(withdrawn.packed))
    assert caught.value.reason == "设备被盗"
    assert carried.held() == 0
    (held,) = see_quarantine(carried.database, 10)
    assert (held.accepted, held.decided_by) == (False, "陈一")


def test_a_device_whose_year_is_over_is_kept_apart_too(carried: CarriedSite) -> None:
    packed = carried.pack()
    hand_in(carried.database, AUTHORITY, packed.data, BY, carried.now + timedelta(days=366))
    (held,) = see_quarantine(carried.database, 10)
    assert (held.standing, held.sealed_before, held.revoked_at) == ("CertificateExpired", 0, None)


def test_a_seal_that_is_not_the_devices_own_counts_for_nothing(withdrawn: Withdrawn) -> None:
    carried = withdrawn.carried
    bundle = read_bundle(withdrawn.packed.data, AUTHORITY.key)
    early = withdrawn.carried.now - timedelta(days=1)
    (hourly,) = bundle.seals
    for seal in (
        replace(hourly.seal, sealed_at=early),
        replace(hourly.seal, signature=bytes(64)),
        replace(hourly.seal, sealed_at=carried.now),
    ):
        forged = replace(bundle, seals=(replace(hourly, seal=seal),))
        carried.database.execute("delete from quarantine")
        hand_in(carried.database, AUTHORITY, write_bundle(forged, carried.identity), BY, carried.now)
        (held,) = see_quarantine(carried.database, 10)
        assert held.sealed_before == 0


def test_hour_by_hour_only_what_is_new_is_sealed_and_seals_over_receipts_go(carried: CarriedSite) -> None:
    assert carried.seal_the_hour() == 1
    assert carried.seal_the_hour() == 0
    carried.site.vaccinated()
    assert carried.seal_the_hour() == 1
    assert len(read_bundle(carried.pack().data, AUTHORITY.key).seals) == 2
    carried.take(carried.carry(carried.pack()))
    carried.site.vaccinated(carried.site.patient(index=1), vial=1)
    assert carried.seal_the_hour() == 1
    assert len(read_bundle(carried.pack().data, AUTHORITY.key).seals) == 1
