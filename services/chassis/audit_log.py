"""The audit log, read: its checkpoints, and all of it as a file for verifying."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Query, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import (
    JSON,
    ColumnElement,
    Text,
    case,
    cast,
    func,
    literal_column,
    select,
)

from services.chassis.data.audit_log import AUDIT_LEAVES, AUDIT_SEALS, record_json
from services.chassis.data.effects import Subject
from services.chassis.data.tables import AUDIT_RECORDS
from services.chassis.data.work import Rows
from services.chassis.ground.problems import OutsideScope
from services.chassis.ground.responses import answers, problems
from services.chassis.serving.routes import SliceRouter, router
from services.chassis.transfer.exports import Export, files
from services.chassis.trust.access import demand
from services.chassis.trust.callers import Caller
from services.chassis.trust.identity import requires
from services.chassis.web.answers import Terms, page_answer
from services.chassis.web.listing import Listed, ListQuery, Page, page_of
from services.chassis.web.pages import Listing
from services.chassis.web.units import Change, Reading


class AuditCheckpointRead(BaseModel):
    """The audit trail at one moment, signed."""

    size: int = Field(description="records sealed by then")
    previous: int = Field(description="size at the checkpoint before; 0 for the first")
    sealed_at: datetime
    checkpoint: str = Field(
        description="C2SP tlog-checkpoint: name, size, root of the tree (RFC 9162),"
        " signature (Ed25519)"
    )


_SEALS = AUDIT_SEALS.c
_WIRE: dict[str, ColumnElement[Any]] = {
    name: _SEALS[name] for name in AuditCheckpointRead.model_fields
}
_LISTING = Listing(_WIRE, {"size": _SEALS.size}, "-size", _SEALS.size)
_FILE: dict[int | str, dict[str, Any]] = {200: {"content": files("ndjson")}}
_LEAVES = AUDIT_LEAVES.alias("leaves")
_RECORDS = AUDIT_RECORDS.alias("records")


def audit_log(service: str, read: StrEnum) -> SliceRouter:
    """`GET …/audit-checkpoints` and `GET …/audit-log` of a service."""
    log = router(prefix="/audit-", tags=["audit-log"])

    @log.get(
        "checkpoints",
        name=f"list_{service}_audit_checkpoints",
        responses=answers(Page[AuditCheckpointRead]),
    )
    async def list_audit_checkpoints(
        _: Annotated[Caller, requires(read)],
        reading: Reading,
        terms: Terms,
        query: Annotated[ListQuery, Query()],
    ) -> Response:
        """Signed states of the audit trail, newest first. They hold no content.

        Whoever keeps one elsewhere can prove later that no record before it was changed or removed.
        """
        listed = Listed(_LISTING, select(AUDIT_SEALS))
        return page_answer(await page_of(reading, terms, query, listed), terms)

    @log.get(
        "log",
        name=f"export_{service}_audit_log",
        responses=_FILE | problems(OutsideScope),
    )
    async def export_audit_log(
        request: Request, caller: Annotated[Caller, requires(read)], change: Change
    ) -> Response:
        """The whole audit trail in the order in which it was sealed, with its checkpoints: a JSON object a line.

        For auditors of every county. It can be verified without the platform: see the
        operations manual. The detail of an action appears as a hash alone.
        """
        demand(caller, read)
        change.record("export_audit_log", Subject("audit-log"))
        return Export(request, caller, _entries(), f"{service}-audit-log", "ndjson")

    return log


def _entries() -> Rows:
    """Records by number, each checkpoint beside its last record; then incomplete rows.

    Nothing is left out: a record that is not sealed, a number whose record is gone, a
    checkpoint of more records than there are.
    """
    text = literal_column(record_json("leaves.sealed_at"), Text)
    # As JSON: a text would be quoted once more in its line.
    record = case((_RECORDS.c.id.is_not(None), cast(text, JSON)))
    # Full joins: a row missing on one side is a fault for the verifier to find.
    sides = _LEAVES.join(_RECORDS, _RECORDS.c.id == _LEAVES.c.audit_id, full=True)
    sides = sides.join(AUDIT_SEALS, _SEALS.size == _LEAVES.c.sequence, full=True)
    columns = [
        _LEAVES.c.sequence,
        func.encode(_LEAVES.c.leaf_hash, "hex").label("leaf_hash"),
        record.label("record"),
        _SEALS.checkpoint,
    ]
    # In the order of sealing, as the tree is built; rows without a number come last.
    order = _LEAVES.c.sequence.nulls_last(), _SEALS.size, _RECORDS.c.id
    return select(*columns).select_from(sides).order_by(*order)
