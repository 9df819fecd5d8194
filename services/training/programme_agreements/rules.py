"""What is missing before a side may agree to a proposed version. Pure."""

from collections.abc import Collection
from enum import StrEnum


class Consultation(StrEnum):
    """The consultations that a version needs before a side may agree to it."""

    PARTNER_REVIEW = "partner_review"
    WORKSHOP_CONSULTATION = "workshop_consultation"
    RECOMMENDATIONS = "recommendations"


def missing_to_agree(
    kinds: Collection[str], *, has_partner: bool, has_undecided: bool
) -> list[Consultation]:
    """Everything that is missing before a side may agree.

    A programme with a partner needs the partner's review and a workshop with
    authorities (source 003, task 1). Every recommendation has to be decided, in all
    programmes.
    """
    # Both reviews are only required of a programme with a partner.
    needed = [Consultation.PARTNER_REVIEW, Consultation.WORKSHOP_CONSULTATION]
    missing = [kind for kind in needed if has_partner and kind not in kinds]
    return [*missing, Consultation.RECOMMENDATIONS] if has_undecided else missing
