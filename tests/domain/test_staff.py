"""No valid training certificate, no injection; amber for thirty days before (STF-1, STF-2)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.staff import (
    Role,
    StaffMember,
    Training,
    TrainingCertificate,
    TrainingCertificateEnding,
    TrainingCertificateExpired,
    TrainingCertificateMissing,
    check_trained,
    training_notice,
    training_on,
)
from app.ui.texts.staff import training_words

TODAY = date(2026, 3, 2)
NURSE = StaffMember("u-1", "周敏", "护士", frozenset({Role.VACCINATOR}))


def ending(days: int) -> TrainingCertificate:
    return TrainingCertificate("练培 1 号", "疾控中心", TODAY + timedelta(days=days))


def test_nobody_injects_without_a_certificate() -> None:
    with pytest.raises(TrainingCertificateMissing):
        check_trained(NURSE, None, TODAY)
    assert training_notice(NURSE, None, TODAY) == TrainingCertificateMissing("周敏")


@given(st.integers(-4000, 4000))
def test_the_last_day_counts_and_the_day_after_does_not(days: int) -> None:
    certificate = ending(days)
    if days < 0:
        with pytest.raises(TrainingCertificateExpired):
            check_trained(NURSE, certificate, TODAY)
    else:
        check_trained(NURSE, certificate, TODAY)
    standing = Training.EXPIRED if days < 0 else Training.ENDING if days <= 30 else Training.VALID
    assert training_on(certificate, TODAY) is standing


@pytest.mark.parametrize(
    ("days", "told"), [(31, None), (30, TrainingCertificateEnding), (0, TrainingCertificateEnding)]
)
def test_who_injects_is_told_thirty_days_before(days: int, told: type | None) -> None:
    notice = training_notice(NURSE, ending(days), TODAY)
    assert notice is None if told is None else isinstance(notice, told)


def test_who_does_not_inject_is_told_nothing() -> None:
    registrar = StaffMember("u-2", "何晓棠", "登记员", frozenset({Role.REGISTRAR}))
    assert training_notice(registrar, None, TODAY) is None


def test_the_list_says_how_each_certificate_stands() -> None:
    assert training_words(None, TODAY) == "无合格证"
    assert training_words(ending(-1), TODAY) == "已过期·2026-03-01"
    assert training_words(ending(0), TODAY) == "今天到期"
    assert training_words(ending(12), TODAY) == "2026-03-14·还有 12 天"
    assert training_words(ending(400), TODAY) == "至 2027-04-06"
