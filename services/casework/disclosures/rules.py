"""What may become of a disclosure. Pure."""

from enum import StrEnum


class DisclosureState(StrEnum):
    """Waiting for its recipient, seen by it, or stopped before."""

    QUEUED = "queued"
    # For good: what was seen cannot be taken back.
    SENT = "sent"
    STOPPED = "stopped"


class StoppingReason(StrEnum):
    """Why a recipient never got what waited for it."""

    CONSENT_WITHDRAWN = "consent_withdrawn"
    REFERRAL_ENDED = "referral_ended"
