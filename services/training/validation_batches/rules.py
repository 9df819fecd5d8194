"""What becomes of a validation of a batch."""

from enum import StrEnum


class BatchStatus(StrEnum):
    """Whether a validation was recorded, or refused."""

    CREATED = "created"
    REFUSED = "refused"
