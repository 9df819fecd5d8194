"""Checkpoints of a log: its size and root, signed (C2SP tlog-checkpoint, signed-note, Ed25519)."""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from services.chassis.trails.merkle import HASH_SIZE

# The number of Ed25519 and the size of a key's id in C2SP signed-note.
_ED25519 = b"\x01"
_ID_SIZE = 4
_LINES = 4  # the last one is empty: a checkpoint ends with a newline
_NAME = re.compile(r"[^\s+]+")
_SIGNATURE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+=*)\n")
# One text for one size: no sign and no leading zero, because the text is signed.
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


class CheckpointRefused(ValueError):
    """A key or a checkpoint is not what it claims to be."""


class Checkpoint(NamedTuple):
    """A log at one moment: its name, its number of entries, their tree's root."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The text that is signed."""
        root = base64.b64encode(self.root).decode()
        return f"{self.origin}\n{self.size}\n{root}\n"


@dataclass(frozen=True)
class VerifierKey:
    """The public key of a log, under the log's name."""

    name: str
    public: bytes

    @classmethod
    def read(cls, text: str) -> "VerifierKey":
        """The key in the form `<name>+<id>+<key>`; CheckpointRefused if inconsistent."""
        name, _, rest = text.strip().partition("+")
        id_, _, encoded = rest.partition("+")
        data = _decoded(encoded)
        key = cls(name, data[1:])
        # The id repeats name and key, so that a badly copied key is noticed.
        if data[:1] != _ED25519 or not _NAME.fullmatch(name) or id_ != key.id.hex():
            raise CheckpointRefused("this is no verifier key of an Ed25519 log")
        return key

    @property
    def id(self) -> bytes:
        """Four bytes by which a signature names its key."""
        # The formula of C2SP signed-note: name, newline, algorithm, key.
        named_key = self.name.encode() + b"\n" + _ED25519 + self.public
        return hashlib.sha256(named_key).digest()[:_ID_SIZE]

    def __str__(self) -> str:
        key = base64.b64encode(_ED25519 + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{key}"


class SigningKey:
    """The private key of a log."""

    def __init__(self, name: str, seed: str) -> None:
        """`seed`: 32 random bytes in base64url."""
        self._private = Ed25519PrivateKey.from_private_bytes(seed_of(seed))
        self.verifier = VerifierKey(name, self._private.public_key().public_bytes_raw())

    def signed(self, text: str) -> str:
        """The text as a note with this key's signature."""
        signature = self.verifier.id + self._private.sign(text.encode())
        encoded = base64.b64encode(signature).decode()
        return f"{text}\n— {self.verifier.name} {encoded}\n"

    def checkpoint(self, size: int, root: bytes) -> str:
        """The signed checkpoint of the log of this key."""
        return self.signed(Checkpoint(self.verifier.name, size, root).text)


def seed_of(text: str) -> bytes:
    """The 32 bytes of an Ed25519 seed in base64url; CheckpointRefused otherwise."""
    seed = _decoded(text.replace("-", "+").replace("_", "/"))
    if len(seed) != HASH_SIZE:
        raise CheckpointRefused("a signing key is 32 bytes in base64url")
    return seed


def opened(note: str, keys: Iterable[VerifierKey]) -> Checkpoint:
    """The checkpoint of a note signed by one of these keys; else CheckpointRefused."""
    text, _, signatures = note.rpartition("\n\n")
    text += "\n"
    keys_by_name = {(key.name, key.id): key for key in keys}
    signers = set()
    for name, encoded in _SIGNATURE.findall(signatures):
        signature = _decoded(encoded)
        key = keys_by_name.get((name, signature[:_ID_SIZE]))
        # Signatures by unknown keys are ignored (C2SP signed-note): witnesses may add
        # theirs. A wrong one by a known key refuses the whole note.
        if key is not None:
            _verify(key, signature[_ID_SIZE:], text)
            signers.add(key.name)
    checkpoint = _read(text)
    # A key is valid for its own log alone, not for that of another service.
    if checkpoint.origin not in signers:
        raise CheckpointRefused("the checkpoint is signed by none of the keys")
    return checkpoint


def is_signed_by(note: str, key: VerifierKey) -> bool:
    """Whether a note has a signature of this key; CheckpointRefused for a wrong one."""
    text, _, signatures = note.rpartition("\n\n")
    for name, encoded in _SIGNATURE.findall(signatures):
        signature = _decoded(encoded)
        if (name, signature[:_ID_SIZE]) == (key.name, key.id):
            _verify(key, signature[_ID_SIZE:], text + "\n")
            return True
    return False


def _verify(key: VerifierKey, signature: bytes, text: str) -> None:
    try:
        public = Ed25519PublicKey.from_public_bytes(key.public)
        public.verify(signature, text.encode())
    except (InvalidSignature, ValueError):
        raise CheckpointRefused("the signature is not that of the checkpoint") from None


def _read(text: str) -> Checkpoint:
    # Further lines would be extensions, which nobody can verify against the log.
    lines = text.split("\n")
    if len(lines) != _LINES or not _SIZE.fullmatch(lines[1]):
        raise CheckpointRefused("this is no checkpoint")
    origin, size, root, _ = lines
    root_hash = _decoded(root)
    if len(root_hash) != HASH_SIZE:
        raise CheckpointRefused("this is no checkpoint")
    return Checkpoint(origin, int(size), root_hash)


def _decoded(text: str) -> bytes:
    """Standard base64, with its padding or without."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise CheckpointRefused("this is no base64") from None
