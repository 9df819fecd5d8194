"""Every step of a merge: proposed,
accepted or declined by another person, taken back.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.casework.guardianships.actions import relate_guardians_of
from services.casework.merges import queries
from services.casework.merges.models import Merge
from services.casework.merges.rules import VERBS, MergeState
from services.casework.merges.schemas import MergePropose
from services.casework.people.models import Person
from services.casework.people.queries import (
    KnownPerson,
    lock_person,
    lock_person_by_id,
    require_changeable,
)
from services.casework.permissions import Permission
from services.casework.person_references.actions import (
    InTheWay,
    move_references,
    move_references_back,
)
from services.casework.problems import (
    MergeBlocked,
    PersonNotFound,
    ProposerDecides,
)
from services.chassis.data.effects import Subject
from services.chassis.data.relating import acting_everywhere
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import (
    FieldError,
    StateConflict,
    UnknownReference,
    refuse,
)


def _record(change: Change, action: str, merge: Merge, event: str) -> None:
    subject = Subject(f"merges/{merge.id}", merge.version, merge.county_terc)
    people = sorted([str(merge.kept_id), str(merge.merged_id)])
    change.record(action, subject, f"merge.{event}", people=people)


async def propose_merge(change: Change, new: MergePropose) -> Stored:
    """Propose that two records of one county are one person; MergeAlreadyProposed."""
    if new.kept_id == new.merged_id:
        refuse(("merged_id", "not_allowed"))
    # By id, so that the refusal can name the field that a locked record came from.
    fields = {new.kept_id: "kept_id", new.merged_id: "merged_id"}
    found = {}
    # In the order of the ids: two proposals of the same pair do not wait
    # for each other.
    for person_id in sorted(fields):
        found[person_id] = await _lock_proposed(change, person_id, fields[person_id])
    county = found[new.kept_id].person.county_terc
    # One county decides on both records. From county to county a case is transferred.
    if found[new.merged_id].person.county_terc != county:
        refuse(("merged_id", "outside_county"))
    statement = insert(Merge).values(
        **new.model_dump(),
        county_terc=county,
        state=MergeState.PROPOSED,
        proposed_by=change.caller.subject,
    )
    row = await change.one(statement.returning(*queries.MERGES.c))
    _record(change, "propose_merge", Merge(**row._mapping), "proposed")
    return await queries.get_merge(change, row.id)


async def _lock_proposed(change: Change, person_id: UUID, field: str) -> KnownPerson:
    try:
        return await lock_person(change, person_id, Permission.EDIT_PEOPLE)
    # As a wrong field: a plain 404 would not say which of the two it is.
    except PersonNotFound:
        error = FieldError("pointer", f"/{field}", "not_found")
        raise UnknownReference(error) from None


async def _lock(change: Change, merge_id: UUID, version: int, verb: str) -> Merge:
    """A merge that the verb may be done to, locked."""
    merge = await queries.lock_merge(change, merge_id)
    require_version(merge.version, version)
    allowed = VERBS[MergeState(merge.state)]
    if verb not in allowed:
        raise StateConflict(state=merge.state, allowed=allowed)
    return merge


async def _step(
    change: Change, merge: Merge, action: str, state: MergeState, **values: Any
) -> Stored:
    statement = (
        update(Merge)
        .where(col(Merge.id) == merge.id)
        .values(
            state=state,
            decided_by=change.caller.subject,
            decided_at=func.now(),
            version=Merge.version + 1,
            changed_at=func.now(),
            **values,
        )
    )
    row = await change.one(statement.returning(*queries.MERGES.c))
    # An event names the decision; `merged` is only the state that it leads to.
    event = "accepted" if state is MergeState.MERGED else state.value
    _record(change, action, Merge(**row._mapping), event)
    return await queries.get_merge(change, merge.id)


async def decline_merge(change: Change, merge_id: UUID, version: int) -> Stored:
    """Decline a proposal, one's own included: they are two people."""
    merge = await _lock(change, merge_id, version, "decline")
    return await _step(change, merge, "decline_merge", MergeState.DECLINED)


async def accept_merge(change: Change, merge_id: UUID, version: int) -> Stored:
    """Make one record part of another: whatever led to it leads to the other.

    ProposerDecides where the caller has proposed it;
    MergeBlocked, with the tables, where rows of both cannot stand together.
    """
    merge = await _lock(change, merge_id, version, "accept")
    # Two people decide on it: a wrong merge would show one family the
    # records of another.
    if merge.proposed_by == change.caller.subject:
        raise ProposerDecides()
    people = await _lock_both(change, merge, require_changeable)
    kept, merged = people[merge.kept_id], people[merge.merged_id]
    # Everything that leads to the record moves, even what the caller does not reach: a
    # row left behind would lead to a record that is none any more.
    async with acting_everywhere(change):
        await _require_free_way(change, kept.person, merged.person)
        try:
            moved = await move_references(change, merged, kept)
        except InTheWay as found:
            raise MergeBlocked(in_the_way=[*found.tables]) from None
        await _set_merged_into(change, merge.merged_id, merge.kept_id)
    for person_id in sorted(people):
        await relate_guardians_of(change, person_id)
    return await _step(change, merge, "accept_merge", MergeState.MERGED, moved=moved)


async def _lock_both(
    change: Change, merge: Merge, require: Callable[[KnownPerson], KnownPerson]
) -> dict[UUID, KnownPerson]:
    """Both records, locked in the order of their ids."""
    return {
        person_id: require(await lock_person_by_id(change, person_id))
        for person_id in sorted([merge.kept_id, merge.merged_id])
    }


async def _require_free_way(change: Change, kept: Person, merged: Person) -> None:
    """MergeBlocked where no index says that the records are two people:
    mother and child, or an account each.
    """
    if kept.mother_id == merged.id or merged.mother_id == kept.id:
        raise MergeBlocked(in_the_way=["people"])
    if await queries.both_have_accounts(change, kept.id, merged.id):
        raise MergeBlocked(in_the_way=["accounts"])


async def _set_merged_into(
    change: Change, person_id: UUID, merged_into: UUID | None
) -> None:
    statement = (
        update(Person)
        .where(col(Person.id) == person_id)
        .values(
            merged_into=merged_into,
            version=Person.version + 1,
            changed_at=func.now(),
        )
    )
    await change.execute(statement)


def _require_kept(known: KnownPerson) -> KnownPerson:
    """The record; StateConflict or ProcessingRestricted, unless it is the one that
    became part of the other.
    """
    # As if this merge had not been: being part of the other record is no obstacle here.
    person = known.person.model_copy(update={"merged_into": None})
    require_changeable(known._replace(person=person))
    return known


async def undo_merge(change: Change, merge_id: UUID, version: int) -> Stored:
    """Take a merge back: exactly the rows that were moved lead to the record again from
    which they came.

    What was added meanwhile stays with the record that was kept. StateConflict where
    that one has become part of a third.
    """
    merge = await _lock(change, merge_id, version, "undo")
    people = await _lock_both(change, merge, _require_kept)
    kept, merged = people[merge.kept_id], people[merge.merged_id]
    # The record that was kept may have become part of a third since.
    require_changeable(kept)
    async with acting_everywhere(change):
        await _set_merged_into(change, merge.merged_id, None)
        await move_references_back(change, merge.moved, kept, merged)
    for person_id in sorted(people):
        await relate_guardians_of(change, person_id)
    return await _step(change, merge, "undo_merge", MergeState.UNDONE)
