"""The life of a site."""

import pytest

from services.registry.programmes.rules import SiteLevel
from services.registry.sites.rules import OPEN, STATUS_AFTER, SiteStatus, SiteVerb, allowed_verbs, misplaced


@pytest.mark.parametrize("needs_agreement", [True, False])
@pytest.mark.parametrize("status", list(SiteStatus))
def test_every_way_through_the_life_of_a_site_ends(status: SiteStatus, needs_agreement: bool) -> None:
    verbs = allowed_verbs(status, needs_agreement=needs_agreement)
    assert bool(verbs) == (status in OPEN)
    order = list(SiteStatus)
    assert all(order.index(STATUS_AFTER[verb]) > order.index(status) for verb in verbs)


def test_without_an_agreement_a_candidate_works_only_where_none_is_needed() -> None:
    assert SiteVerb.ACTIVATE not in allowed_verbs(SiteStatus.CANDIDATE, needs_agreement=True)
    assert SiteVerb.ACTIVATE in allowed_verbs(SiteStatus.CANDIDATE, needs_agreement=False)


@pytest.mark.parametrize(
    ("level", "commune", "code"),
    [
        (SiteLevel.COUNTY, None, None),
        (SiteLevel.COUNTY, "2469011", "not_allowed"),
        (SiteLevel.COMMUNE, None, "missing"),
        (SiteLevel.COMMUNE, "2469011", None),
        (SiteLevel.COMMUNE, "2401011", "outside_county"),
        (SiteLevel.LOCATION, None, None),
        (SiteLevel.LOCATION, "2401011", "outside_county"),
    ],
)
def test_a_site_lies_where_its_level_says(level: SiteLevel, commune: str | None, code: str | None) -> None:
    assert misplaced(level, "2469", commune) == code
