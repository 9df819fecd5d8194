"""Every question asked of the legal acts."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, bindparam, case, func, literal, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.ground.problems import FieldError, UnknownReference, refuse
from services.chassis.web.listing import ItemPage, Listed, ListTerms, page_of
from services.chassis.web.pages import Listing
from services.chassis.web.polish import in_polish_order
from services.registry.legal_acts.models import LegalAct
from services.registry.legal_acts.rules import is_in_force
from services.registry.legal_acts.schemas import LegalActList, LegalActRead
from services.registry.problems import LegalActNotFound

ACTS: FromClause = rows_of(LegalAct)


def _part(number: int) -> ColumnElement[str]:
    return func.split_part(ACTS.c.eli, "/", number)


# There are two journals: the table's check on `eli` allows no other.
_JOURNAL: ColumnElement[str] = case((_part(1) == "DU", "Dz.U. "), else_="M.P. ")
_PROVISION = func.coalesce(literal(", ").concat(ACTS.c.provision), "")
# Computed, not stored: the citation follows from the identifier.
_COMPUTED: dict[str, ColumnElement[Any]] = {
    "citation": func.concat(_JOURNAL, _part(2), " poz. ", _part(3), _PROVISION),
    "title": func.json_build_object(
        literal("pl"), ACTS.c.title_pl, literal("en"), ACTS.c.title_en
    ),
}
_WIRE: dict[str, ColumnElement[Any]] = {
    name: _COMPUTED[name] if name in _COMPUTED else ACTS.c[name]
    for name in LegalActRead.model_fields
}
# Without an index by title: the catalogue holds hundreds of acts, not thousands.
_SORTABLE = {"eli": ACTS.c.eli, "title_pl": in_polish_order(ACTS.c.title_pl)}
_LISTING = Listing(_WIRE, _SORTABLE, "eli", ACTS.c.id)
STORED = stored_columns(_WIRE, ACTS.c.id, ACTS.c.version)


async def list_legal_acts(
    reading: Reading, terms: ListTerms, query: LegalActList
) -> ItemPage:
    """A page of acts and provisions."""
    acts = select(ACTS)
    if query.eli:
        acts = acts.where(ACTS.c.eli.in_(query.eli))
    if query.as_of:
        # NULL is a day that no source names: it does not limit the validity.
        has_begun = func.coalesce(ACTS.c.valid_from <= query.as_of, True)
        has_not_ended = func.coalesce(ACTS.c.valid_to > query.as_of, True)
        acts = acts.where(has_begun, has_not_ended)
    return await page_of(reading, terms, query, Listed(_LISTING, acts))


_ONE: Rows = select(*STORED).where(ACTS.c.id == bindparam("key"))


async def get_legal_act(reading: Reading, act_id: UUID) -> Stored:
    """One act or provision."""
    return await reading.stored(_ONE, LegalActNotFound, {"key": act_id})


async def lock_legal_act(change: Change, act_id: UUID) -> LegalAct:
    """One act or provision, locked until the transaction ends."""
    statement = select(ACTS).where(ACTS.c.id == act_id).with_for_update()
    return await change.instance(LegalAct, statement, LegalActNotFound)


async def require_legal_act(change: Change, act_id: UUID | None, day: date) -> None:
    """UnknownReference unless the act exists; ValidationFailed unless it is in
    force on that day.

    An `act_id` of None passes.
    """
    if act_id is None:
        return
    # A shared lock: the validity cannot change before the row that refers to
    # the act is committed.
    statement = select(ACTS).where(ACTS.c.id == act_id).with_for_update(read=True)
    row = await change.find(statement)
    if row is None:
        raise UnknownReference(FieldError("pointer", "/legal_act_id", "not_found"))
    if not is_in_force(LegalAct(**row._mapping), day):
        refuse(("legal_act_id", "outside_validity"))
