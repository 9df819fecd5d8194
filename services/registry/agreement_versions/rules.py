"""How far an annex may prolong an agreement. Pure."""

from datetime import date

from services.registry.agreements.rules import AgreementState


def prolonging_code(
    state: AgreementState, valid_to: date | None, prolonged_to: date | None
) -> str | None:
    """Why a text cannot move the last day `valid_to` to `prolonged_to`;
    None when it can.

    An annex prolongs an agreement that is signed and has a last day; it prolongs
    nothing when `prolonged_to` is None. A draft is amended instead, and an agreement
    that is to end earlier is terminated.
    """
    if prolonged_to is None:
        return None
    # Without a last day there is nothing to prolong.
    if state is not AgreementState.SIGNED or valid_to is None:
        return "not_allowed"
    return "wrong_order" if prolonged_to <= valid_to else None
