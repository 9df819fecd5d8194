"""How long records of the audit trail are kept, and who may release them. Pure.

An entry of `LAWS` is valid from its day on; a deployment with a longer duty of its own
asks for more months, and nobody can ask for fewer.
"""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from services.chassis.trails.checkpoints import (
    Checkpoint,
    SigningKey,
    VerifierKey,
    is_signed_by,
)

_REMOVAL = "/removal"


class Keeping(NamedTuple):
    """How many months a record is kept at least, and by which act."""

    valid_from: date
    months: int
    act: str


# The rule for logs of systems: two years from the day of an entry, unless another law
# has another period. It is older than the platform, and valid from its beginning on.
LAWS = (
    Keeping(
        date(2026, 1, 1), 24, "Krajowe Ramy Interoperacyjności (Dz.U. 2024 poz. 773)"
    ),
)


def keeping_of(day: date, laws: Sequence[Keeping] = LAWS) -> Keeping:
    """The rule of a day; LookupError for a day before the first rule."""
    rules = [law for law in laws if law.valid_from <= day]
    if not rules:
        raise LookupError("no law of so early a day is known here")
    return max(rules, key=lambda law: law.valid_from)


def kept_from(today: date, months: int) -> date:
    """The first day whose records are still kept: earlier ones may be removed.

    A period in months ends with the day of the same number, or with the last of a
    shorter month (Civil Code, art. 112), and that day still belongs to it.

    >>> kept_from(date(2028, 3, 1), 24), kept_from(date(2028, 2, 29), 24)
    (datetime.date(2026, 3, 1), datetime.date(2026, 3, 1))
    """
    years, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    if today.day <= monthrange(years, month + 1)[1]:
        return date(years, month + 1, today.day)
    # There is no such day: the period ended with the last day of that month.
    years, month = divmod(years * 12 + month + 1, 12)
    return date(years, month + 1, 1)


def release(name: str, seed: str, checkpoint: Checkpoint) -> str:
    """The line that releases every record up to a checkpoint of the log `name`.

    It is a second signature of the checkpoint, by the log's own key under another name:
    an administrator of the database alone cannot make it.
    """
    note = SigningKey(name + _REMOVAL, seed).signed(checkpoint.text)
    return note.rpartition("\n\n")[2]


def is_released(note: str, keys: Sequence[VerifierKey]) -> bool:
    """Whether a checkpoint releases the records up to it."""
    return any(
        is_signed_by(note, VerifierKey(key.name + _REMOVAL, key.public)) for key in keys
    )
