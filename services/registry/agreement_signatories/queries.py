"""Every question asked of the parties of agreements."""

from uuid import UUID

from sqlalchemy import or_, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Stored
from services.chassis.ground.problems import FieldError, UnknownReference
from services.chassis.web.listing import ItemPage, Listed, ListTerms, page_of
from services.chassis.web.pages import Listing
from services.chassis.web.polish import in_polish_order
from services.registry.agreement_signatories.models import AgreementSignatory
from services.registry.agreement_signatories.schemas import (
    SignatoryList,
    SignatoryRead,
)
from services.registry.agreements.queries import require_agreement
from services.registry.institutions.models import Institution
from services.registry.problems import SignatoryNotFound

_SIGNATORIES = rows_of(AgreementSignatory)
_INSTITUTIONS = rows_of(Institution)

_WIRE = {name: _SIGNATORIES.c[name] for name in SignatoryRead.model_fields}
_SORTABLE = {
    "party_name": in_polish_order(_SIGNATORIES.c.party_name),
    "changed_at": _SIGNATORIES.c.changed_at,
}
_LISTING = Listing(_WIRE, _SORTABLE, "party_name", _SIGNATORIES.c.id)
STORED = stored_columns(_WIRE, _SIGNATORIES.c.id, _SIGNATORIES.c.version)


async def list_signatories(
    reading: Reading, terms: ListTerms, agreement_id: UUID, query: SignatoryList
) -> ItemPage:
    """A page of an agreement's parties: all that ever were, or those of a day."""
    # An agreement without parties has an empty page; an unknown one is not found.
    await require_agreement(reading, agreement_id)
    parties = select(_SIGNATORIES).where(_SIGNATORIES.c.agreement_id == agreement_id)
    if query.as_of:
        withdrawn_on = _SIGNATORIES.c.withdrawn_on
        has_stayed = or_(withdrawn_on.is_(None), withdrawn_on > query.as_of)
        # A party of a draft has no signing day yet (NULL), so it is a party on no day.
        parties = parties.where(_SIGNATORIES.c.signed_on <= query.as_of, has_stayed)
    return await page_of(reading, terms, query, Listed(_LISTING, parties))


async def get_signatory(
    reading: Reading, agreement_id: UUID, signatory_id: UUID
) -> Stored:
    """One party of an agreement."""
    columns = _SIGNATORIES.c
    is_party = (columns.id == signatory_id) & (columns.agreement_id == agreement_id)
    return await reading.stored(select(*STORED).where(is_party), SignatoryNotFound)


async def lock_signatory(
    change: Change, agreement_id: UUID, signatory_id: UUID
) -> AgreementSignatory:
    """One party of an agreement, locked until the transaction ends."""
    columns = _SIGNATORIES.c
    # By both ids: a party of another agreement is not found under this address.
    is_party = (columns.id == signatory_id) & (columns.agreement_id == agreement_id)
    statement = select(_SIGNATORIES).where(is_party).with_for_update()
    return await change.instance(AgreementSignatory, statement, SignatoryNotFound)


async def require_institution(reading: Reading, institution_id: UUID) -> None:
    """UnknownReference unless the institution is registered."""
    statement = select(_INSTITUTIONS.c.id).where(_INSTITUTIONS.c.id == institution_id)
    # The foreign key would refuse it as well, but could not say which field is wrong.
    if await reading.scalar(statement) is None:
        raise UnknownReference(FieldError("pointer", "/institution_id", "not_found"))
