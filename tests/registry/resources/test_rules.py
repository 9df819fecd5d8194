"""What a county lacks."""

from hypothesis import given
from hypothesis import strategies as st

from services.registry.institutions.rules.kinds import Sector
from services.registry.resources.rules import MODEL_SECTORS, missing_support
from services.registry.support_services.rules import SupportKind

EVERYTHING = [(sector, kind) for sector in MODEL_SECTORS for kind in SupportKind]


def test_an_empty_county_lacks_every_kind_in_every_sector_of_the_model() -> None:
    assert len(missing_support([])) == len(MODEL_SECTORS) * 5 == 20


@given(st.sets(st.sampled_from([*EVERYTHING, (Sector.LABOUR, SupportKind.SOCIAL)])))
def test_present_and_missing_make_up_the_model(present: set[tuple[Sector, SupportKind]]) -> None:
    missing = missing_support(present)
    assert {*missing} | (present & {*EVERYTHING}) == {*EVERYTHING}
    assert not {*missing} & present
    assert len(missing) == len({*missing})
