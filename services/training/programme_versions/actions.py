"""Every change of a version except its agreement."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import FieldError, StateConflict, refuse
from services.training.problems import MixedModule, ProgrammeVersionIncomplete
from services.training.programme_versions import queries
from services.training.programme_versions.models import (
    LearningOutcome,
    ModuleTopic,
    ProgrammeModule,
    ProgrammeVersion,
)
from services.training.programme_versions.rules.content import (
    ModuleContent,
    OutcomeContent,
    TopicContent,
    VersionContent,
    contradictions,
    missing_to_propose,
    mixed_topics,
)
from services.training.programme_versions.rules.states import VERBS, VersionState
from services.training.programmes.models import Programme
from services.training.programmes.queries import lock_programme

_MODULE = set(ModuleContent.model_fields) - {"topics", "outcomes"}
_TOPIC, _OUTCOME = set(TopicContent.model_fields), set(OutcomeContent.model_fields)


class DraftedVersion(NamedTuple):
    """A new version of a programme, and its number."""

    number: int
    stored: Stored


def record_change(
    change: Change, action: str, code: str, version: ProgrammeVersion, event: str
) -> None:
    """Write the audit record and the event of a version's present state."""
    subject = Subject(f"programmes/{code}/versions/{version.number}", version.version)
    change.record(action, subject, f"programme-version.{event}")


def _require_consistent(modules: Sequence[ModuleContent]) -> None:
    """ValidationFailed for contradictions, MixedModule for topics of the wrong kind."""
    refuse(*contradictions(modules))
    # By number and not by code: a refusal does not repeat values from the request.
    mixed = mixed_topics(modules)
    if mixed:
        pointers = [
            f"/modules/{module}/topics/{topic}/is_test_specific"
            for module, topic in mixed
        ]
        errors = [FieldError("pointer", pointer, "contradicts") for pointer in pointers]
        raise MixedModule(*errors, modules=sorted({place + 1 for place, _ in mixed}))


async def _write_modules(
    change: Change, version_id: UUID, modules: Sequence[ModuleContent]
) -> None:
    """Insert the modules of a version that has none."""
    for number, module in enumerate(modules, 1):
        facts = module.model_dump(include=_MODULE)
        of_version = {"version_id": version_id, "number": number}
        adding = insert(ProgrammeModule).values(**of_version, **facts)
        module_id = await change.scalar(adding.returning(col(ProgrammeModule.id)))
        # Only these fields: the modules of a copy also have ids and numbers.
        topics = [
            {
                "module_id": module_id,
                "number": place,
                **topic.model_dump(include=_TOPIC),
            }
            for place, topic in enumerate(module.topics, 1)
        ]
        outcomes = [
            {"module_id": module_id, **outcome.model_dump(include=_OUTCOME)}
            for outcome in module.outcomes
        ]
        if topics:
            await change.execute(insert(ModuleTopic), topics)
        if outcomes:
            await change.execute(insert(LearningOutcome), outcomes)


async def _delete_modules(change: Change, version_id: UUID) -> None:
    # Only of a draft, to whose modules no other rows refer.
    of_version = col(ProgrammeModule.version_id) == version_id
    modules = select(col(ProgrammeModule.id)).where(of_version)
    for part in (ModuleTopic, LearningOutcome):
        of_modules = col(part.module_id).in_(modules)
        await change.execute(delete(part).where(of_modules))
    await change.execute(delete(ProgrammeModule).where(of_version))


async def _add_version(
    change: Change, programme: Programme, action: str, content: VersionContent
) -> DraftedVersion:
    """Insert the next version of a locked programme."""
    # Under the programme's lock, so that two drafts do not take the same number.
    number = await queries.find_last_number(change, programme.id) + 1
    settings = content.model_dump(exclude={"modules"})
    statement = insert(ProgrammeVersion).values(
        programme_id=programme.id, number=number, **settings
    )
    row = await change.one(statement.returning(*queries.VERSIONS.c))
    version = ProgrammeVersion(**row._mapping)
    await _write_modules(change, version.id, content.modules)
    record_change(change, action, programme.code, version, "drafted")
    stored = await queries.get_version(change, programme.code, number)
    return DraftedVersion(number, stored)


async def draft_version(
    change: Change, code: str, content: VersionContent
) -> DraftedVersion:
    """Begin the next version of a programme with this content."""
    _require_consistent(content.modules)
    programme = await lock_programme(change, code)
    return await _add_version(change, programme, "draft_programme_version", content)


async def copy_version(change: Change, code: str, number: int) -> DraftedVersion:
    """Begin the next version of a programme as a copy of this one."""
    programme = await lock_programme(change, code)
    # Locked, so that a draft cannot be replaced while it is copied.
    version = await queries.lock_version(change, code, number)
    modules = await queries.get_modules(change, version.id)
    content = VersionContent(
        group_capacity=version.group_capacity,
        attendance_percent=version.attendance_percent,
        modules=tuple(modules),
    )
    return await _add_version(change, programme, "copy_programme_version", content)


async def lock_in_state(
    change: Change, code: str, number: int, version: int, state: VersionState
) -> ProgrammeVersion:
    """A version in this state, locked. Otherwise VersionMismatch or StateConflict."""
    row = await queries.lock_version(change, code, number)
    # The version first: a caller with an older version has to read again in any case.
    require_version(row.version, version)
    if row.state != state:
        allowed = VERBS[VersionState(row.state)]
        raise StateConflict(state=row.state, allowed=allowed)
    return row


async def change_version(
    change: Change, version: ProgrammeVersion, **values: Any
) -> ProgrammeVersion:
    """Give a locked version these values, and return the changed row."""
    statement = (
        update(ProgrammeVersion)
        .where(col(ProgrammeVersion.id) == version.id)
        .values(**values, version=ProgrammeVersion.version + 1, changed_at=func.now())
    )
    row = await change.one(statement.returning(*queries.VERSIONS.c))
    return ProgrammeVersion(**row._mapping)


async def replace_version(
    change: Change, code: str, number: int, content: VersionContent, version: int
) -> Stored:
    """Replace the content of a draft."""
    # Before any lock: contradictions do not depend on stored data.
    _require_consistent(content.modules)
    draft = await lock_in_state(change, code, number, version, VersionState.DRAFT)
    await _delete_modules(change, draft.id)
    await _write_modules(change, draft.id, content.modules)
    settings = content.model_dump(exclude={"modules"})
    after = await change_version(change, draft, **settings)
    record_change(change, "replace_programme_version", code, after, "changed")
    return await queries.get_version(change, code, number)


async def propose_version(
    change: Change, code: str, number: int, version: int, now: datetime
) -> Stored:
    """Propose a draft to client and contractor; from now on it cannot be changed.

    ProgrammeVersionIncomplete names everything that is missing.
    """
    draft = await lock_in_state(change, code, number, version, VersionState.DRAFT)
    # Checked here and not earlier: a draft may be incomplete.
    missing = missing_to_propose(await queries.get_modules(change, draft.id))
    if missing:
        raise ProgrammeVersionIncomplete(state=draft.state, missing=missing)
    state = VersionState.PROPOSED
    after = await change_version(change, draft, state=state, proposed_at=now)
    record_change(change, "propose_programme_version", code, after, "proposed")
    return await queries.get_version(change, code, number)


async def retire_version(
    change: Change, code: str, number: int, version: int, now: datetime
) -> Stored:
    """Retire a version: no new groups may follow it; existing groups go on."""
    agreed = await lock_in_state(change, code, number, version, VersionState.AGREED)
    state = VersionState.RETIRED
    after = await change_version(change, agreed, state=state, retired_at=now)
    record_change(change, "retire_programme_version", code, after, "retired")
    return await queries.get_version(change, code, number)
