"""Stretching a password by Argon2id, at a cost that stands beside what it opens."""

KEY_LENGTH = 32
ARGON2 = {"time_cost": 3, "memory_cost_kib": 65536, "lanes": 2}
"""RFC 9106's second recommended setting with half its lanes: some 100 ms on a cheap laptop."""
MOST_MEMORY_KIB, MOST_TIME_COST = 1 << 20, 64
"""What a file may ask of this machine before it is proven: 1 GiB, 64 rounds."""


def stretched(password: str, salt: bytes, argon2: dict[str, int]) -> bytes:
    """Return the key of a password.

    Raises ValueError for a cost this machine does not bear, KeyError, TypeError, OverflowError or
    ``argon2.exceptions.HashingError`` for what is no cost.
    """
    from argon2.low_level import Type, hash_secret_raw

    if not (argon2["memory_cost_kib"] <= MOST_MEMORY_KIB and argon2["time_cost"] <= MOST_TIME_COST):
        raise ValueError("more than this machine bears")
    return hash_secret_raw(
        password.encode("utf-8", "surrogatepass"), salt, argon2["time_cost"],
        argon2["memory_cost_kib"], argon2["lanes"], KEY_LENGTH, Type.ID,
    )  # fmt: skip
