"""What may become of a disclosure. Pure."""

from enum import StrEnum


class DisclosureState(StrEnum):
    """Waiting for its recipient, seen by it, or stopped before."""

    QUEUED = "queued"
    SENT = "sent"
    STOPPED = "stopped"


class StoppingReason(StrEnum):
    """Why a recipient never got what waited for it."""

    CONSENT_WITHDRAWN = "consent_withdrawn"
    REFERRAL_ENDED = "referral_ended"
