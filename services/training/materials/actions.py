"""Every change of a material: it is added, then its file is kept."""

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

# What one step of an answer holds in memory, and a slow client waits for.
PART_BYTES = 262_144
# Not a draft, whose modules are replaced, nor a retired version, which nobody follows.
_WITH_MATERIALS = {VersionState.PROPOSED, VersionState.AGREED}
_OF_LINKS = {"programme", "version_number", "modules"}


async def _lock_version(change: Change, new: MaterialCreate) -> ProgrammeVersion:
    """The version, if its modules do not change any more and it is not retired."""
    version = await lock_version(change, new.programme, new.version_number)
    state = VersionState(version.state)
    if state not in _WITH_MATERIALS:
        raise StateConflict(state=state, allowed=VERBS[state])
    return version


async def _module_ids(
    change: Change, version: ProgrammeVersion, new: MaterialCreate
) -> list[UUID]:
    """The modules named; TestOnlyMaterial where one of them is reusable."""
    # By code and not by id: codes are what people and files of programmes write.
    known = await queries.list_modules(change, version.id, new.modules)
    _refuse_places(
        UnknownReference,
        [place for place, code in enumerate(new.modules) if code not in known],
        "not_found",
    )
    modules = [known[code] for code in new.modules]
    wrong = reusable_modules(new.use, [each.is_test_specific for each in modules])
    # After what is unknown: of that nobody knows whether it is of the test.
    _refuse_places(TestOnlyMaterial, wrong, "contradicts")
    # Named twice, a module is meant once.
    return list(dict.fromkeys(each.id for each in modules))


def _refuse_places(kind: type[Problem], places: Sequence[int], code: str) -> None:
    """The problem, if there are such places among the modules."""
    if places:
        pointers = [f"/modules/{place}" for place in places]
        raise kind(*[FieldError("pointer", each, code) for each in pointers])


async def add_material(change: Change, new: MaterialCreate) -> Stored:
    """Add a material to modules; with a known code it is that one's next version."""
    refuse(*licence_errors(new.licence_spdx, new.licence_name))
    version = await _lock_version(change, new)
    module_ids = await _module_ids(change, version, new)
    # Under the programme's lock, so that two versions do not take the same number.
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
    # Events tell the number and not the title: whoever follows may not read materials.
    subject, facts = Subject(f"materials/{material_id}"), {"number": last + 1}
    change.record("add_material", subject, "material.added", event_data=facts)
    return await queries.get_material(change, material_id)


async def lock_without_file(change: Change, material_id: UUID) -> Material:
    """A material that waits for its file; MaterialFileAlreadyKept when it has one."""
    material = await queries.lock_material(change, material_id)
    if material.sha256 is not None:
        raise MaterialFileAlreadyKept()
    return material


async def keep_file(
    change: Change, material_id: UUID, media_type: MediaType, content: bytes
) -> Stored:
    """Keep a material's file as it was sent, in parts.

    UnsupportedMediaType when it is not what it says, ValidationFailed when it is
    something else as well.
    """
    material = await lock_without_file(change, material_id)
    if not is_of_kind(content, media_type):
        raise UnsupportedMediaType(accepted=[*MediaType])
    # A page inside a picture would be run by a browser that looks for itself.
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
    stamped = {"version": Material.version + 1, "changed_at": func.now()}
    # Of the bytes as they came: whoever sent them can compare.
    digest = hashlib.sha256(content).hexdigest()
    await change.execute(statement.values(**facts, **stamped, sha256=digest))
    subject = Subject(f"materials/{material_id}", material.version + 1)
    kind = media_type.value
    event = "material.file-kept"
    change.record("keep_material_file", subject, event, media_type=kind)
    return await queries.get_material(change, material_id)
