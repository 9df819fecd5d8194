"""The outcome of an attempt, and when the next one is due."""

import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

# How long one event is tried; then the webhook is disabled until its owner acts.
TRIED_FOR = timedelta(days=3)
_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 6 * 3600.0
_GONE = 410


class Outcome(NamedTuple):
    """The status of the answer, or the fault if none came."""

    status: int | None
    fault: str | None = None
    retry_after: int | None = None

    @property
    def is_delivered(self) -> bool:
        """Whether the receiver has it: any 2xx means so."""
        return self.status is not None and self.status // 100 == 2

    @property
    def is_gone(self) -> bool:
        """Whether the receiver wants nothing more."""
        return self.status == _GONE

    @property
    def fault_code(self) -> str | None:
        """What went wrong, as a code."""
        if self.is_delivered or self.status is None:
            return self.fault
        return "redirected" if self.status // 100 == 3 else "refused"


def pause_after(attempts: int, least: int | None = None) -> timedelta:
    """Time until the next attempt: four times as long after each, up to six hours.

    Never less than the receiver asked for.
    """
    longest = min(_FIRST_PAUSE * 4.0 ** (min(attempts, 12) - 1), _LONGEST_PAUSE)
    # At random up to half less: not all come at once when a receiver is back.
    seconds = longest * (0.5 + secrets.randbelow(1000) / 2000)
    return timedelta(seconds=max(seconds, least or 0))


def is_tried_out(failing_since: datetime, now: datetime) -> bool:
    """Whether the webhook has failed for so long that it is disabled."""
    return now - failing_since >= TRIED_FOR
