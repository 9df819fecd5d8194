"""Every change of a material: added, then its file is stored."""

import hashlib
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored
from services.chassis.file_kinds import MediaType, is_of_kind, is_polyglot
from services.chassis.ground.problems import (
    FieldError,
    Problem,
    StateConflict,
    UnknownReference,
    UnsupportedMediaType,
    ValidationFailed,
    refuse,
)
from services.training.materials import queries
from services.training.materials.models import Material, MaterialModule, MaterialPart
from services.training.materials.rules import licence_errors, reusable_modules
from services.training.materials.schemas import MaterialCreate
from services.training.problems import MaterialFileAlreadyKept, TestOnlyMaterial
from services.training.programme_versions.models import ProgrammeVersion
from services.training.programme_versions.queries import lock_version
from services.training.programme_versions.rules.states import VERBS, VersionState

# The bytes that one step of an answer holds in memory.
PART_BYTES = 262_144
# Not drafts, whose modules may be replaced, nor retired versions, which are not used.
_WITH_MATERIALS = {VersionState.PROPOSED, VersionState.AGREED}
_OF_LINKS = {"programme", "version_number", "modules"}


async def _lock_version(change: Change, new: MaterialCreate) -> ProgrammeVersion:
    """A proposed or agreed version, locked; StateConflict for others."""
    version = await lock_version(change, new.programme, new.version_number)
    state = VersionState(version.state)
    if state not in _WITH_MATERIALS:
        raise StateConflict(state=state, allowed=VERBS[state])
    return version


async def _module_ids(
    change: Change, version: ProgrammeVersion, new: MaterialCreate
) -> list[UUID]:
    """The ids of the modules in the request.

    UnknownReference for unknown codes; TestOnlyMaterial where a test-only material is
    added to a reusable module.
    """
    # By code and not by id: people and files of programmes use codes.
    modules_by_code = await queries.list_modules(change, version.id, new.modules)
    _refuse_places(
        UnknownReference,
        [
            place
            for place, code in enumerate(new.modules)
            if code not in modules_by_code
        ],
        "not_found",
    )
    modules = [modules_by_code[code] for code in new.modules]
    reusable_places = reusable_modules(
        new.use, [each.is_test_specific for each in modules]
    )
    # After unknown codes, for which the use cannot be checked.
    _refuse_places(TestOnlyMaterial, reusable_places, "contradicts")
    # A repeated code counts once.
    return list(dict.fromkeys(each.id for each in modules))


def _refuse_places(kind: type[Problem], places: Sequence[int], code: str) -> None:
    """Raise the problem, with a pointer for each place; nothing without places."""
    if places:
        pointers = [f"/modules/{place}" for place in places]
        raise kind(*[FieldError("pointer", each, code) for each in pointers])


async def add_material(change: Change, new: MaterialCreate) -> Stored:
    """Add a material to modules; with an existing code, as its next version."""
    refuse(*licence_errors(new.licence_spdx, new.licence_name))
    version = await _lock_version(change, new)
    module_ids = await _module_ids(change, version, new)
    # Under the programme's lock, so that two materials do not take the same number.
    last = await queries.find_last_number(change, version.programme_id, new.code)
    statement = insert(Material).values(
        **new.model_dump(exclude=_OF_LINKS),
        programme_id=version.programme_id,
        version_id=version.id,
        number=last + 1,
    )
    material_id = await change.scalar(statement.returning(col(Material.id)))
    links = [{"material_id": material_id, "module_id": each} for each in module_ids]
    await change.execute(insert(MaterialModule), links)
    # The event has the number and no title: a follower may not be allowed to read it.
    subject, facts = Subject(f"materials/{material_id}"), {"number": last + 1}
    change.record("add_material", subject, "material.added", event_data=facts)
    return await queries.get_material(change, material_id)


async def lock_without_file(change: Change, material_id: UUID) -> Material:
    """A material without a file, locked; MaterialFileAlreadyKept when it has one."""
    material = await queries.lock_material(change, material_id)
    if material.sha256 is not None:
        raise MaterialFileAlreadyKept()
    return material


async def keep_file(
    change: Change, material_id: UUID, media_type: MediaType, content: bytes
) -> Stored:
    """Store a material's file unchanged, in parts.

    UnsupportedMediaType when the content is not of its media type, ValidationFailed
    when it is a polyglot file.
    """
    material = await lock_without_file(change, material_id)
    if not is_of_kind(content, media_type):
        raise UnsupportedMediaType(accepted=[*MediaType])
    # A browser that guesses types could run a page hidden in a picture.
    if is_polyglot(content, media_type):
        raise ValidationFailed(FieldError("pointer", "", "several_kinds"))
    starts = range(0, len(content), PART_BYTES)
    parts = [
        {
            "material_id": material_id,
            "part": part,
            "content": content[start : start + PART_BYTES],
        }
        for part, start in enumerate(starts)
    ]
    await change.execute(insert(MaterialPart), parts)
    facts = {"media_type": media_type, "size": len(content)}
    statement = update(Material).where(col(Material.id) == material_id)
    stamp = {"version": Material.version + 1, "changed_at": func.now()}
    # Of the bytes as they were sent, so that the sender can compare.
    digest = hashlib.sha256(content).hexdigest()
    await change.execute(statement.values(**facts, **stamp, sha256=digest))
    subject = Subject(f"materials/{material_id}", material.version + 1)
    kind = media_type.value
    event = "material.file-kept"
    change.record("keep_material_file", subject, event, media_type=kind)
    return await queries.get_material(change, material_id)
