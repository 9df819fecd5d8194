"""Every question asked of the verifications of support services."""

from uuid import UUID

from sqlalchemy import FromClause, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import json_object
from services.chassis.data.work import Reading
from services.chassis.web.listing import ItemPage, Listed, ListQuery, ListTerms, page_of
from services.chassis.web.pages import Listing
from services.registry.support_service_verifications.models import (
    SupportServiceVerification,
)
from services.registry.support_service_verifications.schemas import VerificationRead
from services.registry.support_services.queries import require_support_service

_VERIFICATIONS: FromClause = rows_of(SupportServiceVerification)
_WIRE = {name: _VERIFICATIONS.c[name] for name in VerificationRead.model_fields}
_LISTING = Listing(
    _WIRE,
    {"verified_on": _VERIFICATIONS.c.verified_on},
    "-verified_on",
    _VERIFICATIONS.c.id,
)
BODY = json_object(_WIRE)
"""A verification as JSON."""


async def list_verifications(
    reading: Reading, terms: ListTerms, service_id: UUID, query: ListQuery
) -> ItemPage:
    """A page of a service's verifications, the latest first."""
    await require_support_service(reading, service_id)
    of_service = _VERIFICATIONS.c.support_service_id == service_id
    verifications = select(_VERIFICATIONS).where(of_service)
    return await page_of(reading, terms, query, Listed(_LISTING, verifications))
