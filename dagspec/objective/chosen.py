"""Which examples show their label: decided once for all by what the example is."""

from __future__ import annotations

import hashlib

from torch import Tensor

BITS = 53


def salt(seed: int, name: str) -> int:
    """A number from -2⁶³ to below 2⁶³ that stands for (seed, name)."""
    digest = hashlib.sha256(f"{seed}:{name}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def threshold(share: float) -> int:
    """What the hash of an example is below if it is among a share of them."""
    return int(share * 2**BITS)


def hashed(salts: Tensor, keys: Tensor) -> Tensor:
    """A hash of (salt, key), from 0 to below 2⁵³; int64, of the broadcast shape.

    The finaliser of SplitMix64 (Steele et al. 2014, doi 10.1145/2660193.2660195) of
    the key, and again of that and the salt. Sums and products wrap around, as int64's.

    Args:
        salts: int64.
        keys: int64.
    """
    return _shift(_mix(_mix(keys) ^ salts), 64 - BITS)


def _mix(value: Tensor) -> Tensor:
    value = value + _signed(0x9E3779B97F4A7C15)
    value = (value ^ _shift(value, 30)) * _signed(0xBF58476D1CE4E5B9)
    value = (value ^ _shift(value, 27)) * _signed(0x94D049BB133111EB)
    return value ^ _shift(value, 31)


def _shift(value: Tensor, bits: int) -> Tensor:
    """To the right, zeros moving in: int64 alone would move in the sign."""
    return (value >> bits) & ((1 << (64 - bits)) - 1)


def _signed(value: int) -> int:
    return value - (1 << 64) if value >> 63 else value
