"""A disk that takes nothing at the moment of the dose: a sentence, and the same key again (TRC-1)."""

from app.domain.visit import VisitState
from app.storage.store import StoreUnwritable
from app.ui.texts import sentence_of
from tests.storage.full_disk import no_file_grows
from tests.ui.vaccination.rig import NeedleRig


def test_a_dose_the_disk_did_not_take_is_refused_and_recorded_by_the_same_key_later(rig: NeedleRig) -> None:
    encounter = rig.confirmed_all()
    with no_file_grows():
        rig.press("Enter")
    assert rig.dose(encounter) is None
    assert rig.state(encounter) is VisitState.AT_STATION
    (refusal,) = rig.refusals
    assert isinstance(refusal, StoreUnwritable)
    said = sentence_of(refusal)
    assert rig.banner == f"{said.happened}{said.safe}{said.todo}"
    rig.press("Enter")
    assert rig.dose(encounter) is not None
    assert len(rig.events("immunization.recorded")) == 1
