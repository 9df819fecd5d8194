"""The result for a case of a batch."""

from enum import StrEnum


class TakeOver(StrEnum):
    """Whether a case of a batch was written."""

    CREATED = "created"
    REFUSED = "refused"
