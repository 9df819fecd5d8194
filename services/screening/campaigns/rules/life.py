"""The life of a campaign, and its age bands. Pure."""

from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise

RELEASE = "campaign-release"
"""The kind of the job that publishes counts to callers who may not read the screenings."""


class CampaignState(StrEnum):
    """The state of a campaign."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


class CampaignVerb(StrEnum):
    """What may be done to a campaign."""

    AMEND = "amend"
    ADD_IMPLEMENTERS = "add-implementers"
    SET_TARGETS = "set-targets"
    OPEN = "open"
    SELECT = "select"
    CLOSE = "close"
    REOPEN = "reopen"


_ALLOWED = {
    CampaignState.PLANNED: (
        CampaignVerb.AMEND,
        CampaignVerb.ADD_IMPLEMENTERS,
        CampaignVerb.SET_TARGETS,
        CampaignVerb.OPEN,
    ),
    # No amending: numbers may already be published with these age bands
    # and this threshold.
    CampaignState.OPEN: (
        CampaignVerb.ADD_IMPLEMENTERS,
        CampaignVerb.SET_TARGETS,
        CampaignVerb.SELECT,
        CampaignVerb.CLOSE,
    ),
    # Reopening is needed for screenings that come late and for forms that
    # were sent back.
    CampaignState.CLOSED: (CampaignVerb.REOPEN,),
}


def allowed_verbs(state: CampaignState) -> list[CampaignVerb]:
    """What may be done to a campaign in this state."""
    return list(_ALLOWED[state])


def are_edges(edges: Sequence[int]) -> bool:
    """Whether these months divide ages into bands: each is later than the one before."""
    return all(earlier < later for earlier, later in pairwise(edges))


def band_bounds(edges: Sequence[int], band: int) -> tuple[int | None, int | None]:
    """The month at which a band begins, and the month below which it ends.

    Band 0 has no beginning: it lies below the first edge. The last band has no end.
    """
    begins = edges[band - 1] if band > 0 else None
    ends = edges[band] if band < len(edges) else None
    return begins, ends
