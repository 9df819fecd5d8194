"""What becomes of a case of a batch."""

from enum import StrEnum


class TakeOver(StrEnum):
    """What became of a case of a batch."""

    CREATED = "created"
    REFUSED = "refused"
