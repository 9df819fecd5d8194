"""Every step of a merge: proposed,
accepted or declined by another person, undone.
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
    # By id, so that an error can name the field of a record.
    fields = {new.kept_id: "kept_id", new.merged_id: "merged_id"}
    records = {}
    # In the order of the ids, so that two proposals of the same pair cannot deadlock.
    for person_id in sorted(fields):
        records[person_id] = await _lock_proposed(change, person_id, fields[person_id])
    county = records[new.kept_id].person.county_terc
    # Both records must belong to the county that decides.
    # Between counties a case is transferred.
    if records[new.merged_id].person.county_terc != county:
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
    # As an error of the field: a plain 404 would not say which
    # of the two records is missing.
    except PersonNotFound:
        error = FieldError("pointer", f"/{field}", "not_found")
        raise UnknownReference(error) from None


async def _lock(change: Change, merge_id: UUID, version: int, verb: str) -> Merge:
    """A merge whose state allows the verb, locked; StateConflict for any other."""
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
    # The event is named after the decision; `merged` is only the resulting state.
    event = "accepted" if state is MergeState.MERGED else state.value
    _record(change, action, Merge(**row._mapping), event)
    return await queries.get_merge(change, merge.id)


async def decline_merge(change: Change, merge_id: UUID, version: int) -> Stored:
    """Decline a proposal, even one's own: the records are two people."""
    merge = await _lock(change, merge_id, version, "decline")
    return await _step(change, merge, "decline_merge", MergeState.DECLINED)


async def accept_merge(change: Change, merge_id: UUID, version: int) -> Stored:
    """Merge one record into another: all rows that refer to it are moved to the other.

    ProposerDecides where the caller has proposed it; MergeBlocked, with the tables,
    where rows of both records conflict.
    """
    merge = await _lock(change, merge_id, version, "accept")
    # A second person decides: a wrong merge would show one family
    # the records of another.
    if merge.proposed_by == change.caller.subject:
        raise ProposerDecides()
    people = await _lock_both(change, merge, require_changeable)
    kept, merged = people[merge.kept_id], people[merge.merged_id]
    # All rows that refer to the record move, even those out of the caller's reach:
    # otherwise they would refer to a merged record.
    async with acting_everywhere(change):
        await _require_free_way(change, kept.person, merged.person)
        try:
            moved = await move_references(change, merged, kept)
        except InTheWay as error:
            raise MergeBlocked(in_the_way=[*error.tables]) from None
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
    """MergeBlocked for conflicts that no unique index finds:
    mother and child, or two accounts.
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


def _require_kept(record: KnownPerson) -> KnownPerson:
    """Return the record if it may be changed; being merged into the other one does not
    count. Raises StateConflict or ProcessingRestricted.
    """
    # Checked without `merged_into`, because this merge is being undone.
    person = record.person.model_copy(update={"merged_into": None})
    require_changeable(record._replace(person=person))
    return record


async def undo_merge(change: Change, merge_id: UUID, version: int) -> Stored:
    """Undo a merge: exactly the rows that were moved are moved back
    to their former record.

    Rows added since then stay with the kept record. StateConflict where the kept record
    was merged into a third one.
    """
    merge = await _lock(change, merge_id, version, "undo")
    people = await _lock_both(change, merge, _require_kept)
    kept, merged = people[merge.kept_id], people[merge.merged_id]
    # The kept record may have been merged into a third one since then.
    require_changeable(kept)
    async with acting_everywhere(change):
        await _set_merged_into(change, merge.merged_id, None)
        await move_references_back(change, merge.moved, kept, merged)
    for person_id in sorted(people):
        await relate_guardians_of(change, person_id)
    return await _step(change, merge, "undo_merge", MergeState.UNDONE)
