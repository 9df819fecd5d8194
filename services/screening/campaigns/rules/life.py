"""The life of a campaign, its age bands, and how far it has come by a day. Pure."""

from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise

RELEASE = "campaign-release"
"""The job that releases counts to those who may not read the screenings."""


class CampaignState(StrEnum):
    """Where a campaign stands."""

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


_ALLOWED = {
    CampaignState.PLANNED: (
        CampaignVerb.AMEND,
        CampaignVerb.ADD_IMPLEMENTERS,
        CampaignVerb.SET_TARGETS,
        CampaignVerb.OPEN,
    ),
    CampaignState.OPEN: (
        CampaignVerb.ADD_IMPLEMENTERS,
        CampaignVerb.SET_TARGETS,
        CampaignVerb.SELECT,
        CampaignVerb.CLOSE,
    ),
    CampaignState.CLOSED: (),
}


def allowed_verbs(state: CampaignState) -> list[CampaignVerb]:
    """What may be done to a campaign in this state."""
    return list(_ALLOWED[state])


def are_edges(edges: Sequence[int]) -> bool:
    """Whether these months part ages into bands: each later than the one before."""
    return all(earlier < later for earlier, later in pairwise(edges))


def band_bounds(edges: Sequence[int], band: int) -> tuple[int | None, int | None]:
    """From which month, and below which, a band reaches: 0 lies below the first edge, the last has no end."""
    return edges[band - 1] if band > 0 else None, edges[band] if band < len(
        edges
    ) else None
