"""Whether a side may agree to a proposed version, and what is missing. Pure."""

from collections.abc import Collection
from enum import StrEnum


class Consultation(StrEnum):
    """What a version has to have gone through before anybody agrees to it."""

    PARTNER_REVIEW = "partner_review"
    WORKSHOP_CONSULTATION = "workshop_consultation"
    RECOMMENDATIONS = "recommendations"


def missing_to_agree(
    kinds: Collection[str], *, has_partner: bool, has_undecided: bool
) -> list[Consultation]:
    """Everything that is missing before a side may agree.

    Of a programme with a partner, the partner reviews the concept and a workshop with
    authorities is held (source 003, task 1). Every recommendation is decided.
    """
    # A programme without a partner has nobody who is to review it.
    needed = [Consultation.PARTNER_REVIEW, Consultation.WORKSHOP_CONSULTATION]
    missing = [kind for kind in needed if has_partner and kind not in kinds]
    return [*missing, Consultation.RECOMMENDATIONS] if has_undecided else missing
