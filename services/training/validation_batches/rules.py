"""Results of a batch of validations."""

from enum import StrEnum


class BatchStatus(StrEnum):
    """Whether a validation was recorded, or refused."""

    CREATED = "created"
    REFUSED = "refused"
