"""Every change of a network.

Locks are taken in one order: network, membership, institution, rule. A decision only
needs the network to stay open and takes a shared lock on it; closing takes an exclusive
lock and waits for the decisions.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import refuse
from services.chassis.trust.access import demand
from services.registry.networks import queries
from services.registry.networks.models import Network
from services.registry.networks.rules import ending_contradictions, wrong_days
from services.registry.networks.schemas import (
    NetworkClose,
    NetworkCreate,
    NetworkUpdate,
)
from services.registry.permissions import Permission
from services.registry.problems import NetworkAlreadyOpen, NetworkClosed
from services.registry.tables import also_recording, recording
from services.registry.territories.queries import find_county


def _subject(network: Stored, county: str) -> Subject:
    return Subject(f"networks/{network.key}", network.version, county)


async def create_network(change: Change, new: NetworkCreate, today: date) -> Stored:
    """Found a county's network. The county must have no other network that is or was
    open in its time.

    A network that is over by now is founded with its end; its decisions are
    entered afterwards.
    """
    await find_county(change, new.county_terc, name="/county_terc")
    demand(change.caller, Permission.EDIT_NETWORKS, county=new.county_terc)
    facts, since = new.model_dump(), new.founded_on
    refuse(*ending_contradictions(since, new.closed_on, new.closing_reason))
    days = ["founded_on", "closed_on"] if new.closed_on else ["founded_on"]
    recorded = recording(change.caller.subject, *days)
    statement = insert(Network).values(**facts, recorded=recorded)
    # Inserted before its day is checked: the insert waits for a transaction that closes
    # the county's old network, so the closing that is read next is the last one.
    network = await change.stored(statement.returning(*queries.STORED))
    last = None
    if new.closed_on is None:
        last = await queries.find_last_closing(change, new.county_terc)
    elif await queries.overlapping_network_exists(change, UUID(str(network.key))):
        raise NetworkAlreadyOpen()
    refuse(*wrong_days("founded_on", since, today, last))
    if new.closed_on is not None:
        refuse(*wrong_days("closed_on", new.closed_on, today))
    change.record(
        "create_network",
        _subject(network, new.county_terc),
        "network.created",
        fields=sorted(new.model_dump(exclude_none=True)),
    )
    return network


def require_open(network: Network, day: date | None = None) -> None:
    """NetworkClosed when the network is closed; with a `day`, when it was
    closed by that day.
    """
    # A decision from before the closing may be entered after it.
    if network.closed_on is not None and (day is None or day >= network.closed_on):
        raise NetworkClosed(state="closed", allowed=[])


async def _lock_open(change: Change, network_id: UUID, version: int) -> Network:
    """The network to change, locked: within reach, unchanged since it was
    read, and open.
    """
    network = await queries.lock_network(change, network_id)
    demand(change.caller, Permission.EDIT_NETWORKS, county=network.county_terc)
    require_version(network.version, version)
    require_open(network)
    return network


async def _change(
    change: Change, network_id: UUID, values: Mapping[str, Any]
) -> Stored:
    """Set these values and the next version of a network."""
    statement = update(Network).where(col(Network.id) == network_id)
    statement = statement.values(
        **values, changed_at=func.now(), version=Network.version + 1
    )
    return await change.stored(statement.returning(*queries.STORED))


async def amend_network(
    change: Change, network_id: UUID, patch: NetworkUpdate, version: int
) -> Stored:
    """Change the fields that the patch names; a patch without a new value
    makes no version.
    """
    network = await _lock_open(change, network_id, version)
    patched = patch.model_dump(exclude_unset=True)
    fields = sorted(
        name for name, value in patched.items() if value != getattr(network, name)
    )
    # Nothing is written: there is no audit record, no event and no new version.
    if not fields:
        return await queries.get_network(change, network_id)
    after = await _change(change, network_id, {name: patched[name] for name in fields})
    subject = _subject(after, network.county_terc)
    change.record("amend_network", subject, "network.changed", fields=fields)
    return after


async def close_network(
    change: Change, network_id: UUID, end: NetworkClose, version: int, today: date
) -> Stored:
    """Close a network: it takes no decision of that day or a later one; its members and
    history stay readable.
    """
    network = await _lock_open(change, network_id, version)
    # Decisions take a shared lock on the network, and this lock is exclusive: no
    # decision is under way.
    last = await queries.find_last_decision(change, network_id)
    refuse(*wrong_days("closed_on", end.closed_on, today, network.founded_on, last))
    values = {"closed_on": end.closed_on, "closing_reason": end.reason}
    recorded = also_recording(Network, change.caller.subject, "closed_on")
    after = await _change(change, network_id, values | {"recorded": recorded})
    subject = _subject(after, network.county_terc)
    change.record("close_network", subject, "network.closed", fields=sorted(values))
    return after
