"""Need against capacity: casework's counts beside the registry's. Pure."""

from collections.abc import Iterable
from typing import Any, TypeVar

from gateway.views.county_parts import (
    CountyNeeds,
    CountyNetwork,
    CountyResources,
    NeedOfKind,
    NetworkShare,
    SupportCell,
    SupportOfKind,
)

Key = tuple[str | None, str | None]
Line = TypeVar("Line", bound=SupportCell)


def side_by_side(
    needs: CountyNeeds | None,
    resources: CountyResources | None,
    network: CountyNetwork | None,
) -> list[SupportOfKind]:
    """A line for each sector and kind with any need or offer.

    A number without a line is 0 if its part is there, and null if it is not.
    """
    need_by_cell = _by_cell(needs.support if needs else [])
    offer_by_cell = _by_cell(resources.offer if resources else [])
    shares = _by_cell(network.offered if network else [])
    # Lines without sector or kind come last.
    keys = sorted(
        {*need_by_cell, *offer_by_cell, *shares},
        key=lambda key: [each or "~" for each in key],
    )
    # The network's part has the county's services, but not their places.
    nothing_offered = _none_or_0(resources is not None)
    is_known = resources is not None or network is not None
    lines = []
    for key in keys:
        offer, share = offer_by_cell.get(key), shares.get(key)
        capacity = offer or share
        lines.append(
            SupportOfKind(
                sector=key[0],
                kind=key[1],
                **(_need(need_by_cell.get(key)) if needs else {}),
                services=capacity.services if capacity else _none_or_0(is_known),
                free_places=offer.free_places if offer else nothing_offered,
                **_of_network(share, network),
            )
        )
    return lines


def _by_cell(lines: Iterable[Line]) -> dict[Key, Line]:
    return {(line.sector, line.kind): line for line in lines}


def _none_or_0(is_known: bool) -> int | None:
    return 0 if is_known else None


def _need(need: NeedOfKind | None) -> dict[str, Any]:
    if need is None:
        return {"recommended": 0, "referrals_open": 0, "referrals_overdue": 0}
    return {
        "recommended": need.recommended,
        "referrals_open": need.open,
        "referrals_overdue": need.overdue,
        "average_days_waited": need.average_days_waited,
        "longest_days_waited": need.longest_days_waited,
    }


def _of_network(
    share: NetworkShare | None, network: CountyNetwork | None
) -> dict[str, int | None]:
    nothing = _none_or_0(network is not None)
    return {
        "network_services": share.included_services if share else nothing,
        "network_free_places": share.included_free_places if share else nothing,
        "network_capacity_unknown": (
            share.included_capacity_unknown if share else nothing
        ),
        "network_longest_waiting_days": (
            share.included_longest_waiting_days if share else None
        ),
    }
