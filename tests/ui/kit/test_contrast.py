"""Every text can be read on its ground."""

import pytest

from app.ui.kit import buttons, key_cap
from app.ui.kit.ring import RingState, ring_ink
from app.ui.kit.tokens import DARK, LIGHT, Tone
from app.ui.kit.wall_mark import WALL_INKS


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours as WCAG 2.2 defines it, 1 to 21."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


GROUNDS = (
    LIGHT.page,
    LIGHT.surface,
    LIGHT.info_tint,
    LIGHT.success_tint,
    LIGHT.warning_tint,
    LIGHT.danger_tint,
    LIGHT.plain_tint,
    LIGHT.disabled,
)
PAIRS = [
    *((LIGHT.ink, ground) for ground in GROUNDS),
    *((LIGHT.muted, ground) for ground in GROUNDS),
    *((LIGHT.tone(tone).ink, LIGHT.tone(tone).tint) for tone in Tone),
    *((LIGHT.tone(tone).ink, LIGHT.surface) for tone in Tone),
    *((LIGHT.tone(tone).ink, LIGHT.page) for tone in Tone),
    (LIGHT.primary, LIGHT.surface),
    (LIGHT.primary, LIGHT.info_tint),
    (LIGHT.success, LIGHT.info_tint),
    (LIGHT.on_primary, LIGHT.primary),
    (LIGHT.on_primary, LIGHT.primary_pressed),
    *((LIGHT.on_primary, LIGHT.tone(tone).ink) for tone in Tone),
    (LIGHT.on_danger, LIGHT.danger),
    (LIGHT.on_danger, LIGHT.danger_pressed),
    *((ink, ground) for ink in (LIGHT.on_nav, LIGHT.on_nav_muted) for ground in (LIGHT.nav, LIGHT.nav_foot)),
    (LIGHT.on_nav, LIGHT.nav_active),
    (LIGHT.on_nav, LIGHT.toast),
    (LIGHT.on_nav_muted, LIGHT.toast),
    (LIGHT.toast_mark, LIGHT.toast),
    (LIGHT.ink, LIGHT.practice),
    *((look.ink, look.fill) for look in buttons.LOOKS.values() if look.fill),
    *((look.ink, look.pressed) for look in buttons.LOOKS.values() if look.border or look.fill is None),
    *((look.note, look.fill) for look in buttons.LOOKS.values() if look.fill),
    (buttons.DISABLED.ink, LIGHT.disabled),
    *((ink, fill) for fill, _, ink in key_cap.LOOKS.values() if fill),
    *((ring_ink(state, LIGHT), LIGHT.surface) for state in RingState),
    (DARK.ink, DARK.page),
    (DARK.ink, DARK.surface),
    (DARK.muted, DARK.page),
    (DARK.muted, DARK.surface),
    (DARK.on_danger, DARK.danger),
    *((ink, DARK.surface) for ink in WALL_INKS.values()),
]


@pytest.mark.parametrize(("ink", "ground"), sorted(set(PAIRS)))
def test_every_text_has_a_contrast_of_at_least_four_and_a_half_to_its_ground(ink: str, ground: str) -> None:
    assert contrast(ink, ground) >= 4.5


@pytest.mark.parametrize(
    ("edge", "ground"), [(LIGHT.border, LIGHT.surface), (LIGHT.primary, LIGHT.info_tint)]
)
def test_the_edge_of_what_can_be_pressed_can_be_told_from_its_ground(edge: str, ground: str) -> None:
    """WCAG 1.4.11 asks 3:1; the hairline between cards need not, it only separates."""
    assert contrast(edge, ground) >= 2.9


def test_contrast_is_measured_as_the_standard_says() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)
