"""How a name may be typed: every pinyin reading, whole and as initials (ux.md rule 24)."""

from itertools import islice, product

READINGS_PER_NAME = 24
"""A long name of heteronyms has hundreds of readings; the usual ones come first."""


def readings(name: str) -> list[str]:
    """Return whole readings and initials of a name, the usual ones first: 曾丽 → zengli, cengli, zl, cl."""
    from pypinyin import Style, pinyin

    def spelled(style: Style) -> list[str]:
        choices = pinyin(name, style=style, heteronym=True, errors="ignore")
        combinations = product(*(dict.fromkeys(choice) for choice in choices))
        return ["".join(parts).lower() for parts in islice(combinations, READINGS_PER_NAME)]

    return list(dict.fromkeys([*spelled(Style.NORMAL), *spelled(Style.FIRST_LETTER)]))
