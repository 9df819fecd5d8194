"""Sealed fields: they open in their own place with their own key, and nowhere else."""

import base64
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.trust.vault import (
    Keyring,
    SealBroken,
    drawn_keyring,
    keyring_of,
    new_key,
    seal,
    unseal,
)

KEYRING = keyring_of(drawn_keyring())
DIGEST = "a4fb94e9859f0dfc7f4ca303fd612059d465342f492cb43bb6ea259e9f4e7326"
VALUES = {"given_name": "Żaneta", "note": None, "floors": [1, 2]}


@given(st.dictionaries(st.text(), st.text() | st.integers(-(2**53), 2**53) | st.none()))
def test_what_was_sealed_opens_as_it_was(values: dict[str, object]) -> None:
    key = new_key()
    assert unseal(key, "people|1", seal(key, "people|1", values)) == values


def test_a_blob_opens_in_no_other_place_and_by_no_other_key() -> None:
    key = new_key()
    blob = seal(key, "people|1", VALUES)
    for other_key, place in ((key, "people|2"), (key, "plans|1"), (new_key(), "people|1")):
        with pytest.raises(SealBroken):
            unseal(other_key, place, blob)


@pytest.mark.parametrize("place", [0, 1, 12, 13, -1])
def test_an_altered_blob_does_not_open(place: int) -> None:
    key = new_key()
    blob = bytearray(seal(key, "people|1", VALUES))
    blob[place] ^= 1
    with pytest.raises(SealBroken):
        unseal(key, "people|1", bytes(blob))


@pytest.mark.parametrize("blob", [b"", b"\x01", b"\x01" + bytes(12), b"\x02" + bytes(40)])
def test_what_is_no_blob_does_not_open(blob: bytes) -> None:
    with pytest.raises(SealBroken):
        unseal(new_key(), "people|1", blob)


def test_equal_values_are_sealed_differently() -> None:
    key = new_key()
    assert seal(key, "people|1", VALUES) != seal(key, "people|1", VALUES)


def test_a_wrapped_key_opens_for_its_owner_alone() -> None:
    key, owner = new_key(), uuid.uuid4()
    wrapped = KEYRING.wrap(key, owner)
    assert KEYRING.unwrap(wrapped, owner) == key
    with pytest.raises(SealBroken):
        KEYRING.unwrap(wrapped, uuid.uuid4())


def test_a_new_wrapping_key_wraps_and_the_old_one_still_unwraps() -> None:
    old = drawn_keyring("1")
    both = keyring_of(old + drawn_keyring("2").splitlines()[0])
    key = new_key()
    wrapped = keyring_of(old).wrap(key, "owner")
    assert both.unwrap(wrapped, "owner") == key
    assert both.wrap(key, "owner").keyring_id == "2"
    with pytest.raises(SealBroken):
        keyring_of(drawn_keyring("2")).unwrap(wrapped, "owner")


def test_a_digest_is_that_of_rfc_2104_and_keeps_purposes_apart() -> None:
    # Computed outside: printf 'pesel:v1:44051401359' | openssl dgst -sha256 -mac HMAC -macopt hexkey:0202…02
    keyring = Keyring("1", {"1": bytes([1] * 32)}, bytes([2] * 32))
    assert keyring.digest("pesel", "44051401359").hex() == DIGEST
    assert keyring.digest("name", "44051401359").hex() != DIGEST


@pytest.mark.parametrize(
    "text",
    [
        "",
        "index AAAA",
        "wrap 1 not-base64!",
        "key 1 AAAA",
        "wrap 1 " + base64.b64encode(bytes(16)).decode(),
        "wrap 1 " + base64.b64encode(bytes(32)).decode(),
    ],
)
def test_a_keyring_that_is_not_whole_is_refused_without_its_content(text: str) -> None:
    with pytest.raises(ValueError, match="key") as refusal:
        keyring_of(text)
    assert not any(word in str(refusal.value) for word in text.split() if len(word) > 8)


def test_a_keyring_whose_index_key_also_wraps_is_refused() -> None:
    with pytest.raises(ValueError, match="index"):
        Keyring("1", {"1": bytes(32)}, bytes(32))
