"""The states of a disclosure. Pure."""

from enum import StrEnum


class DisclosureState(StrEnum):
    """Waiting for the recipient, seen by the recipient, or stopped before."""

    QUEUED = "queued"
    # Final: data that were seen cannot be taken back.
    SENT = "sent"
    STOPPED = "stopped"


class StoppingReason(StrEnum):
    """Why a disclosure was stopped."""

    CONSENT_WITHDRAWN = "consent_withdrawn"
    REFERRAL_ENDED = "referral_ended"
