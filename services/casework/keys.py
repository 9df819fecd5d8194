"""The keyring of this process: it is read when the process starts, and a service
without it does not start.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from services.casework.settings import CaseworkSettings
from services.chassis.trust.vault import (
    Erased,
    Keyring,
    read_keyring,
    seal_by_name,
    unseal_by_name,
)


class _Opened:
    """The open keyring of this process; None outside a running service."""

    keyring: Keyring | None = None


def keyring() -> Keyring:
    """The keyring of the running service."""
    if _Opened.keyring is None:
        raise RuntimeError("no keyring is open in this process")
    return _Opened.keyring


@contextmanager
def opened(settings: CaseworkSettings) -> Iterator[None]:
    """Context in which the keyring of the settings is open.

    Raises OSError or ValueError where the file is missing or incomplete.
    """
    # Restored at the end: a test may open another keyring inside.
    before, _Opened.keyring = _Opened.keyring, read_keyring(settings.keyring_file)
    try:
        yield
    finally:
        _Opened.keyring = before


class SealedAnswers:
    """Answers are stored for a week, for repeats of a request.

    They contain names, so they are stored sealed.
    """

    def seal(self, body: bytes, place: str) -> bytes:
        """The body sealed for its place."""
        return seal_by_name(keyring(), body, place)

    def unseal(self, body: bytes, place: str) -> bytes:
        """The body that was sealed for that place; Erased where it was about somebody
        who was erased.
        """
        if not body:
            raise Erased()
        return unseal_by_name(keyring(), body, place)
