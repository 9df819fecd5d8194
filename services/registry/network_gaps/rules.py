"""How much of a county's offer its network has. Pure."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from services.registry.networks.rules import MembershipState
from services.registry.resources.rules import missing_support


class Offer(NamedTuple):
    """The services of one institution in one sector and of one kind, and the state of
    its membership, if any.
    """

    sector: str
    kind: str
    institution_id: UUID
    name: str
    sort_name: str
    state: str | None
    services: int
    free_places: int | None = None
    capacity_unknown: int = 0
    longest_waiting_days: int | None = None

    @property
    def is_included(self) -> bool:
        """Whether the institution is a member of the network."""
        return self.state == MembershipState.INCLUDED


def offer_and_gaps(offers: Iterable[Offer]) -> dict[str, list[dict[str, Any]]]:
    """The services by sector and kind, with the hosts outside, and the missing kinds.

    `offers` must be sorted by sector and kind; the hosts of a cell keep their order.
    """
    lines = []
    for (sector, kind), cell in groupby(
        offers, lambda offer: (offer.sector, offer.kind)
    ):
        hosts = list(cell)
        included = [host for host in hosts if host.is_included]
        outside = [host for host in hosts if not host.is_included]
        lines.append(
            {
                "sector": sector,
                "kind": kind,
                "institutions": len(hosts),
                "services": sum(host.services for host in hosts),
                "included_institutions": len(included),
                "included_services": sum(host.services for host in included),
                **_capacity(included),
                "not_included": [
                    {
                        "institution_id": host.institution_id,
                        "name": host.name,
                        "state": host.state,
                    }
                    for host in outside
                ],
            }
        )
    # From the county's whole offer: support offered by an outsider is a gap of the
    # network, not of the county.
    missing = missing_support(
        {(str(line["sector"]), str(line["kind"])) for line in lines}
    )
    return {
        "offered": lines,
        "missing": [{"sector": sector, "kind": kind} for sector, kind in missing],
    }


def _capacity(included: list[Offer]) -> dict[str, int | None]:
    """The free places of the members in sum and their longest waiting time, None where
    no member's is known; and how many services have an unknown capacity.
    """
    free = [host.free_places for host in included if host.free_places is not None]
    waiting = [
        host.longest_waiting_days
        for host in included
        if host.longest_waiting_days is not None
    ]
    return {
        "included_free_places": sum(free) if free or not included else None,
        "included_capacity_unknown": sum(host.capacity_unknown for host in included),
        "included_longest_waiting_days": max(waiting, default=None),
    }
