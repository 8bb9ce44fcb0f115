"""The colours, sizes and tones every screen is made of."""

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """What a piece of the screen says about the world; never told by colour alone."""

    PLAIN = "plain"
    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    DANGER = "danger"


@dataclass(frozen=True)
class ToneColours:
    """The text colour of a tone and the tint it stands on."""

    ink: str
    tint: str


@dataclass(frozen=True)
class Tokens:
    """One complete set of colours (``#rrggbb``); sizes are constants beside it."""

    ink: str = "#16202E"
    muted: str = "#5B6878"
    page: str = "#F4F6F9"
    surface: str = "#FFFFFF"
    line: str = "#D9E0EA"
    border: str = "#8A97A8"
    primary: str = "#0B5CAD"
    primary_pressed: str = "#094B8E"
    on_primary: str = "#FFFFFF"
    disabled: str = "#EDF0F4"
    plain_tint: str = "#E9EDF2"
    success: str = "#1B6E46"
    success_tint: str = "#E6F4EC"
    warning: str = "#8A4B00"
    warning_tint: str = "#FFF3DF"
    danger: str = "#A3201A"
    danger_pressed: str = "#861913"
    danger_tint: str = "#FDEBE9"
    on_danger: str = "#FFFFFF"
    info: str = "#1F4E8C"
    info_tint: str = "#E8F0FA"
    running: str = "#0B5CAD"
    track: str = "#D9E0EA"
    nav: str = "#10243A"
    nav_foot: str = "#0B1B2D"
    nav_active: str = "#1B4B7A"
    nav_edge: str = "#7CB8F2"
    on_nav: str = "#FFFFFF"
    on_nav_muted: str = "#C3D0DE"
    toast: str = "#16202E"
    toast_mark: str = "#8FD3AE"
    toast_warning: str = "#F2B84B"
    practice: str = "#F2B84B"

    def tone(self, tone: Tone) -> ToneColours:
        """Return the text colour and the tint of ``tone``."""
        return {
            Tone.PLAIN: ToneColours(self.muted, self.plain_tint),
            Tone.INFO: ToneColours(self.info, self.info_tint),
            Tone.SUCCESS: ToneColours(self.success, self.success_tint),
            Tone.WARNING: ToneColours(self.warning, self.warning_tint),
            Tone.DANGER: ToneColours(self.danger, self.danger_tint),
        }[tone]


LIGHT = Tokens()

DARK = Tokens(
    ink="#F2F6FA",
    muted="#A9BACB",
    page="#0D1B2A",
    surface="#16283C",
    line="#2C4259",
    border="#6F8397",
    success="#4FC38A",
    success_tint="#16283C",
    warning="#F2B84B",
    warning_tint="#16283C",
    danger="#FF6B5E",
    danger_tint="#16283C",
    on_danger="#0D1B2A",
    info="#4FC38A",
    info_tint="#16283C",
    plain_tint="#16283C",
    running="#4FC38A",
    track="#2C4259",
)
"""The wall board's set: text on the alarm band is the dark page colour, white would fail there."""

BANNER_TEXT = 40
FACT_TEXT = 28
SECTION_TEXT = 22
BODY_TEXT = 18
CAPTION_TEXT = 15
"""The five type sizes in px; nothing on a screen of the client is smaller than a caption."""

GAP = 8
MARGIN = 16
PADDING = 16
RADIUS = 10
INNER_RADIUS = 8
CAP_RADIUS = 6
TARGET = 44
BANNER_HEIGHT = 80
NAV_WIDTH = 168
NAV_ITEM_HEIGHT = 44
RIGHT_COLUMN = 328
BOTTOM_BAR = 40
"""Lengths in px at scale 1."""
