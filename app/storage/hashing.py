"""Hashes of what people know, kept inside the encrypted store: former passwords and PINs."""

import base64
import hmac

from app.domain.ids import Randomness
from app.storage.stretching import ARGON2

Costs = tuple[int, int, int]
"""Rounds, KiB and lanes of Argon2id."""
PIN_COSTS: Costs = (1, 8192, 1)
"""Quick: three tries are all there are, and who reads the store already guesses six digits at any cost."""
_LENGTH = 32


def password_costs() -> Costs:
    """Return those of a slot of the key file: the store gives a password away no more easily than that."""
    return ARGON2["time_cost"], ARGON2["memory_cost_kib"], ARGON2["lanes"]


def hash_secret(text: str, random: Randomness, costs: Costs | None = None) -> str:
    """Return an Argon2id hash with its salt and its costs, a password's unless others are stated."""
    costs, salt = costs or password_costs(), random(16)
    return "$".join(
        [*map(str, costs), *(base64.b64encode(part).decode() for part in (salt, _hash(text, salt, costs)))]
    )


def is_hash_of(stored: str, text: str) -> bool:
    """Return whether a hash was made of this text."""
    time_cost, memory, lanes, salt, found = stored.split("$")
    costs = (int(time_cost), int(memory), int(lanes))
    return hmac.compare_digest(_hash(text, base64.b64decode(salt), costs), base64.b64decode(found))


def _hash(text: str, salt: bytes, costs: Costs) -> bytes:
    from argon2.low_level import Type, hash_secret_raw

    return hash_secret_raw(text.encode("utf-8", "surrogatepass"), salt, *costs, _LENGTH, Type.ID)
