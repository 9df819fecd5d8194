"""What an attempt came to, and when the next one is due."""

import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

# So long one event is tried; then the webhook is disabled, and the owner is needed.
TRIED_FOR = timedelta(days=3)
_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 6 * 3600.0
_GONE = 410


class Outcome(NamedTuple):
    """The status of the answer, or the fault where none came."""

    status: int | None
    fault: str | None = None
    retry_after: int | None = None

    @property
    def is_delivered(self) -> bool:
        """Whether the receiver has it: any 2xx says so."""
        return self.status is not None and self.status // 100 == 2

    @property
    def is_gone(self) -> bool:
        """Whether the receiver wants nothing more."""
        return self.status == _GONE

    @property
    def told(self) -> str | None:
        """What went wrong, as a code."""
        if self.is_delivered or self.status is None:
            return self.fault
        return "redirected" if self.status // 100 == 3 else "refused"


def pause_after(attempts: int, asked: int | None = None) -> timedelta:
    """Until the next attempt: four times as long after each, up to six hours.

    What the receiver asks for is waited at least.
    """
    longest = min(_FIRST_PAUSE * 4.0 ** (min(attempts, 12) - 1), _LONGEST_PAUSE)
    # By chance up to half fewer: not all come at once when a receiver is back.
    seconds = longest * (0.5 + secrets.randbelow(1000) / 2000)
    return timedelta(seconds=max(seconds, asked or 0))


def is_tried_out(failing_since: datetime, now: datetime) -> bool:
    """Whether it was tried long enough."""
    return now - failing_since >= TRIED_FOR
