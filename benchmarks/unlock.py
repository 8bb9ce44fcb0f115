"""Row 18: from Enter after the password to the painted shell, less what stretching the password takes."""

import subprocess
import sys
from pathlib import Path

from app.storage.stretching import ARGON2, KEY_LENGTH
from benchmarks.at_desk import PASSWORD, AtDesk, keyed_folder
from benchmarks.figures import Figure, p50, send, timed, verdict

ROUNDS = 7


def main(people: int, doses: int) -> None:
    """Measure and send."""
    with keyed_folder(people, doses) as folder:
        rounds = [_fresh_start(folder) for _ in range(ROUNDS)]
    unlocked, stretching = (p50([times[place] for times in rounds]) for place in (0, 1))
    over = p50([times[0] - times[1] for times in rounds])
    send(
        [
            Figure(
                "18", f"Enter after the password to the shell painted ({people:,} people)",
                f"{unlocked:.0f} ms", f"Argon2id alone, once {stretching:.0f} ms", f"+{over:.0f} ms",
                "once per start", "<= +50 ms, off the screen thread", verdict(must=True, aim=over <= 50),
            )
        ]
    )  # fmt: skip


def _fresh_start(folder: Path) -> tuple[float, float]:
    command = [sys.executable, "-c", f"from benchmarks.unlock import once; once({str(folder)!r})"]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    unlocked, stretching = run.stdout.split()
    return float(unlocked), float(stretching)


def once(folder: str) -> None:
    """Start the program, wait until it has fetched what it needs, sign in; print both times in ms."""
    desk = AtDesk(Path(folder))
    stretching = p50([timed(_stretch) for _ in range(3)])
    print(desk.sign_in(), stretching, flush=True)
    desk.program.close()


def _stretch() -> None:
    from argon2.low_level import Type, hash_secret_raw

    hash_secret_raw(
        PASSWORD.encode(), bytes(16), ARGON2["time_cost"], ARGON2["memory_cost_kib"], ARGON2["lanes"],
        KEY_LENGTH, Type.ID,
    )  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
