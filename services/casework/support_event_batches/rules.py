"""The result for a support event of a batch."""

from enum import StrEnum


class BatchStatus(StrEnum):
    """Whether a support event was recorded, or refused."""

    CREATED = "created"
    REFUSED = "refused"
