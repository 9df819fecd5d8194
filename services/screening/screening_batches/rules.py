"""What becomes of a screening of a batch."""

from enum import StrEnum


class BatchStatus(StrEnum):
    """Whether a screening was recorded, was known already with the same facts, or neither."""

    CREATED = "created"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
