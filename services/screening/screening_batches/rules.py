"""The outcome for a screening of a batch."""

from enum import StrEnum


class BatchStatus(StrEnum):
    """Whether a screening was recorded, was already recorded with the same facts, or
    was refused.
    """

    CREATED = "created"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
