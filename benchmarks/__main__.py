"""Runs every benchmark and writes the table of docs/performance.md: ``./dev bench [PEOPLE DOSES]``.

With one name more, only that benchmark is run and its lines are printed: ``./dev bench 3000 1000 dose``.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.figures import Figure, ask

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
BEGIN, END = "<!-- table: ./dev bench -->", "<!-- end of table -->"
AT_A_SITE = ("dose", "backup", "needle", "lookup", "unlock", "certificate")
"""Measured at a site with many people; the others need none."""
ALONE = ("startup", "lists", "sync", "pull", "herd", "schedule")


def main(arguments: list[str]) -> None:
    """Measure what is asked for."""
    people, doses = (int(given) for given in arguments[:2] or ("200000", "100000"))
    wanted = arguments[2:] or [*AT_A_SITE, *ALONE]
    figures = [
        figure
        for name in wanted
        for figure in ask(name, *((str(people), str(doses)) if name in AT_A_SITE else ()))
    ]
    lines = table(figures)
    print("\n".join(lines))
    if len(wanted) > 1:
        write(lines)


def table(figures: list[Figure]) -> list[str]:
    """Return the lines of a Markdown table, in the order of the targets."""
    head = ["#", "measured", "Vaxpost", "yardstick in the same run", "ratio", "must", "aim", "met"]
    rows = [
        [one.row, one.what, one.ours, one.yardstick, one.ratio, one.must, one.aim, one.met]
        for one in sorted(figures, key=lambda one: int(one.row) if one.row.isdigit() else 99)
    ]
    return ["| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows]]


def write(lines: list[str]) -> None:
    """Put the table into its place on the page."""
    page = PAGE.read_text("utf-8")
    before, after = page.split(BEGIN)[0], page.split(END)[1]
    taken = f"Taken {datetime.now(UTC):%Y-%m-%d}, two cores."
    PAGE.write_text("\n".join([before + BEGIN, "", taken, "", *lines, "", END + after]), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
