"""How much of a county's offer a network has."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.registry.institutions.rules.kinds import Sector
from services.registry.network_gaps.rules import Offer, offer_and_gaps
from services.registry.networks.rules import MembershipState
from services.registry.support_services.rules import SupportKind

_OFFERS = st.lists(
    st.tuples(
        st.sampled_from([*Sector]),
        st.sampled_from([*SupportKind]),
        st.uuids(),
        st.sampled_from([None, *MembershipState]),
        st.integers(1, 9),
    )
)


@given(_OFFERS)
def test_every_offer_is_a_members_or_an_outsiders_and_every_model_cell_is_offered_or_missing(
    found: list[tuple[Sector, SupportKind, UUID, MembershipState | None, int]],
) -> None:
    offers = [
        Offer(str(sector), str(kind), id_, "P", "p", state, n) for sector, kind, id_, state, n in sorted(found, key=str)
    ]
    offers.sort(key=lambda offer: (offer.sector, offer.kind))
    made = offer_and_gaps(offers)
    lines = made["offered"]
    assert sum(line["institutions"] for line in lines) == len(offers)
    assert sum(line["services"] for line in lines) == sum(offer.services for offer in offers)
    for line in lines:
        assert line["included_institutions"] + len(line["not_included"]) == line["institutions"]
        assert 0 <= line["included_services"] <= line["services"]
    cells = [(line["sector"], line["kind"]) for line in lines + made["missing"]]
    assert len(cells) == len(set(cells)) >= 20
