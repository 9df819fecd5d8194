"""Every query on the disclosures."""

from services.casework.disclosures.models import Disclosure
from services.casework.disclosures.schemas import DisclosureList, DisclosureRead
from services.casework.permissions import Permission
from services.chassis.data.tables import rows_of
from services.chassis.trust.callers import Caller
from services.chassis.web.filters import Filter, Filtered, filtered
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing

DISCLOSURES = rows_of(Disclosure)
_NAMES = ("person_id", "referral_id", "recipient_institution_id", "state")
_LIST = Filtered(
    Listing(
        {name: DISCLOSURES.c[name] for name in DisclosureRead.model_fields},
        {"created_at": DISCLOSURES.c.created_at},
        "-created_at",
        DISCLOSURES.c.id,
    ),
    DISCLOSURES,
    {name: Filter(DISCLOSURES.c[name]) for name in _NAMES},
    county=DISCLOSURES.c.county_terc,
    # The family may see to whom data went (GDPR, art. 15(1)(c)), teams may not.
    objects={"guardian": DISCLOSURES.c.person_id},
)


def list_disclosures(query: DisclosureList, caller: Caller) -> Listed:
    """The disclosures that a list shows."""
    values = {name: getattr(query, name) for name in _LIST.filters}
    return filtered(_LIST, values, caller, Permission.READ_DISCLOSURES)
