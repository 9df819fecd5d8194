"""Every query of materials and their files."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.file_kinds import FileFacts, MediaType
from services.chassis.web.listing import ItemPage, Listed, ListTerms, page_of
from services.chassis.web.pages import Listing
from services.training.materials.models import Material, MaterialModule, MaterialPart
from services.training.materials.schemas import MaterialList, MaterialRead
from services.training.problems import MaterialFileNotFound, MaterialNotFound
from services.training.programme_versions.queries import (
    MODULES,
    OF_PROGRAMMES,
    VERSIONS,
)
from services.training.programmes.queries import PROGRAMMES

_MATERIALS = rows_of(Material)
_LINKS, _PARTS = rows_of(MaterialModule), rows_of(MaterialPart)
_OF_VERSIONS = _MATERIALS.join(OF_PROGRAMMES, VERSIONS.c.id == _MATERIALS.c.version_id)


def _modules() -> ColumnElement[Any]:
    linked = _LINKS.join(MODULES, MODULES.c.id == _LINKS.c.module_id)
    codes = func.json_agg(aggregate_order_by(MODULES.c.code, MODULES.c.number))
    statement = select(codes).select_from(linked)
    return statement.where(_LINKS.c.material_id == _MATERIALS.c.id).scalar_subquery()


_COMPUTED = {
    "programme": PROGRAMMES.c.code,
    "version_number": VERSIONS.c.number,
    "modules": _modules(),
}
_WIRE: dict[str, ColumnElement[Any]] = {
    name: _COMPUTED[name] if name in _COMPUTED else _MATERIALS.c[name]
    for name in MaterialRead.model_fields
}
_LISTING = Listing(_WIRE, {"code": _MATERIALS.c.code}, "code", _MATERIALS.c.id)
_STORED = stored_columns(_WIRE, _MATERIALS.c.id, _MATERIALS.c.version)


def _conditions(query: MaterialList) -> list[ColumnElement[bool]]:
    columns = {
        "programme": PROGRAMMES.c.code,
        "kind": _MATERIALS.c.kind,
    }
    conditions = [
        column.in_(getattr(query, name))
        for name, column in columns.items()
        if getattr(query, name)
    ]
    single = {
        "version_number": VERSIONS.c.number,
        "code": _MATERIALS.c.code,
        "use": _MATERIALS.c.use,
    }
    return conditions + [
        column == getattr(query, name)
        for name, column in single.items()
        if getattr(query, name) is not None
    ]


async def list_materials(
    reading: Reading, terms: ListTerms, query: MaterialList
) -> ItemPage:
    """A page of materials, those of retired versions included."""
    materials: Rows = select(_OF_VERSIONS).where(*_conditions(query))
    # No join: a material of two modules would be listed twice.
    if query.module is not None:
        linked = _LINKS.join(MODULES, MODULES.c.id == _LINKS.c.module_id)
        of_module = select(_LINKS.c.material_id).select_from(linked)
        ids = of_module.where(MODULES.c.code == query.module)
        materials = materials.where(_MATERIALS.c.id.in_(ids))
    return await page_of(reading, terms, query, Listed(_LISTING, materials))


_ONE: Rows = (
    select(*_STORED)
    .select_from(_OF_VERSIONS)
    .where(_MATERIALS.c.id == bindparam("key"))
)


async def get_material(reading: Reading, material_id: UUID) -> Stored:
    """One version of a material."""
    return await reading.stored(_ONE, MaterialNotFound, {"key": material_id})


async def lock_material(change: Change, material_id: UUID) -> Material:
    """A version of a material, locked until the transaction ends."""
    statement = select(_MATERIALS).where(_MATERIALS.c.id == material_id)
    return await change.instance(
        Material, statement.with_for_update(), MaterialNotFound
    )


async def find_last_number(reading: Reading, programme_id: UUID, code: str) -> int:
    """The number of a material's last version in a programme; 0 without any."""
    columns = _MATERIALS.c
    # Over all versions of the programme, in which a code names the same material.
    newest = func.coalesce(func.max(columns.number), 0)
    of_code = columns.programme_id == programme_id, columns.code == code
    return int(await reading.scalar(select(newest).where(*of_code)) or 0)


class KnownModule(NamedTuple):
    """A module of the version."""

    id: UUID
    is_test_specific: bool


async def list_modules(
    reading: Reading, version_id: UUID, codes: Sequence[str]
) -> dict[str, KnownModule]:
    """The modules of a version that have one of these codes, by code."""
    columns = MODULES.c.code, MODULES.c.id, MODULES.c.is_test_specific
    of_version = MODULES.c.version_id == version_id
    statement = select(*columns).where(of_version, MODULES.c.code.in_(codes))
    rows = await reading.rows(statement)
    return {code: KnownModule(*facts) for code, *facts in rows}


async def get_file(reading: Reading, material_id: UUID) -> FileFacts:
    """The facts of a material's file, with a name made of code and number."""
    columns = _MATERIALS.c
    facts = columns.media_type, columns.size, columns.sha256
    name_columns = columns.code, columns.number
    # No title in the file name: it may have any characters.
    statement: Rows = select(*facts, *name_columns).where(columns.id == material_id)
    row = await reading.one(statement, MaterialNotFound)
    # A different problem than for an unknown material.
    if row.sha256 is None:
        raise MaterialFileNotFound()
    media_type = MediaType(row.media_type)
    return FileFacts(f"{row.code}-{row.number}", media_type, row.size, row.sha256)


async def find_part(reading: Reading, material_id: UUID, part: int) -> bytes | None:
    """A part of a file; None after the last one."""
    this = _PARTS.c.material_id == material_id, _PARTS.c.part == part
    content = await reading.scalar(select(_PARTS.c.content).where(*this))
    return None if content is None else bytes(content)
