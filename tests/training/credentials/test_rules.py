"""Lists of revocations, bit by bit."""

import gzip
from base64 import urlsafe_b64decode

from services.training.credentials.rules import encoded_list


def bits(encoded: str) -> bytes:
    """The list as RFC 4648 and RFC 1952 read it."""
    assert encoded[0] == "u"
    text = encoded[1:]
    return gzip.decompress(urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def test_a_list_is_large_enough_to_hide_whose_entry_is_looked_at() -> None:
    assert bits(encoded_list([])) == bytes(16 * 1024)


def test_the_first_bit_is_the_leftmost_one() -> None:
    assert bits(encoded_list([0, 7, 8, 131_071]))[:2] == bytes([0b1000_0001, 0b1000_0000])
    assert bits(encoded_list([131_071]))[-1] == 1
