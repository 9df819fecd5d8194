"""Every SELECT on the exports of studies and their files."""

from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, func, select

from services.chassis.data.tables import rows_of
from services.chassis.data.work import Reading, Rows
from services.chassis.web.listing import ItemPage, Listed, ListQuery, ListTerms, page_of
from services.chassis.web.pages import Listing
from services.screening.problems import StudyExportNotFound
from services.screening.studies.queries import require_study
from services.screening.study_exports.models import StudyExport, StudyExportFile
from services.screening.study_exports.rules.files import ExportFile
from services.screening.study_exports.schemas import StudyExportRead

_EXPORTS: FromClause = rows_of(StudyExport)
_FILES: FromClause = rows_of(StudyExportFile)


def _files() -> ColumnElement[object]:
    """The files of an export as JSON: name, size and address."""
    href = func.concat(
        "/v1/screening/studies/",
        _EXPORTS.c.study_id,
        "/exports/",
        _EXPORTS.c.id,
        "/",
        _FILES.c.name,
    )
    file = func.json_build_object(
        "name",
        _FILES.c.name,
        "bytes",
        # Computed by PostgreSQL, so that a list of exports reads no file.
        func.octet_length(_FILES.c.content),
        "href",
        href,
    )
    files = select(func.json_agg(file)).where(_FILES.c.export_id == _EXPORTS.c.id)
    return files.scalar_subquery()


def _listing() -> Listing:
    files = _files()
    wire = {
        name: files if name == "files" else _EXPORTS.c[name]
        for name in StudyExportRead.model_fields
    }
    sortable = {"exported_at": _EXPORTS.c.exported_at}
    return Listing(wire, sortable, "-exported_at", _EXPORTS.c.id)


_LISTING = _listing()


async def list_exports(
    reading: Reading, terms: ListTerms, study_id: UUID, query: ListQuery
) -> ItemPage:
    """A page of a study's exports, the newest first."""
    await require_study(reading, study_id)
    exports: Rows = select(_EXPORTS).where(_EXPORTS.c.study_id == study_id)
    return await page_of(reading, terms, query, Listed(_LISTING, exports))


async def get_export_file(
    reading: Reading, study_id: UUID, export_id: UUID, name: ExportFile
) -> bytes:
    """The content of one file."""
    statement = (
        select(_FILES.c.content)
        .join(_EXPORTS, _EXPORTS.c.id == _FILES.c.export_id)
        .where(
            _EXPORTS.c.id == export_id,
            _EXPORTS.c.study_id == study_id,
            _FILES.c.name == name.value,
        )
    )
    content, *_ = await reading.one(statement, StudyExportNotFound)
    return bytes(content)
