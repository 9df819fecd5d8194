"""What is missing before a side agrees to a version."""

import pytest

from services.training.programme_agreements.rules import missing_to_agree

BOTH = ["partner_review", "workshop_consultation"]


@pytest.mark.parametrize(
    ("kinds", "has_partner", "has_undecided", "missing"),
    [
        ([], False, False, []),
        ([], False, True, ["recommendations"]),
        ([], True, False, BOTH),
        (["partner_review"], True, True, ["workshop_consultation", "recommendations"]),
        (BOTH, True, False, []),
    ],
)
def test_a_partner_makes_both_consultations_necessary(
    kinds: list[str], has_partner: bool, has_undecided: bool, missing: list[str]
) -> None:
    assert missing_to_agree(kinds, has_partner=has_partner, has_undecided=has_undecided) == missing
