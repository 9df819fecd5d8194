"""Who may be a party of an agreement."""

import pytest

from services.registry.agreement_signatories.rules import fits_role, is_open_document
from services.registry.agreements.rules import AgreementKind, PartyRole

PACT, LETTER = AgreementKind.LOCAL_COOPERATION_PACT, AgreementKind.LETTER_OF_INTENT


@pytest.mark.parametrize("role", list(PartyRole))
def test_letters_have_authors_and_addressees_and_only_they_do(role: PartyRole) -> None:
    assert fits_role(LETTER, role) != fits_role(PACT, role)


def test_the_pact_alone_is_an_open_document() -> None:
    assert [kind for kind in AgreementKind if is_open_document(kind)] == [PACT]
