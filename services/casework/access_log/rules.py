"""The category of data of an audit record. Pure."""

# Addresses that are missing here (requests, break-glass) concern the person's rights.
_CATEGORIES = {
    "identity": ("people", "people:search", "people:resolve-subject", "merges"),
    "family": ("households", "guardianships", "births", "accounts", "account-codes"),
    "consents": ("consents", "disclosures"),
    "referrals": ("referrals",),
    "case": ("cases", "case-transfers"),
    "documents": ("documents", "attachments"),
    "assessment": ("assessments",),
    "plan": ("plans", "pathways"),
    "support": ("support-events",),
}
_BY_NOUN = {noun: name for name, nouns in _CATEGORIES.items() for noun in nouns}


def category_of(subject: str) -> str | None:
    """The category of data at an address; None where it is about the rights
    of the person.

    >>> category_of("cases/0199/members"), category_of("break-glass/0199")
    ('case', None)
    """
    return _BY_NOUN.get(subject.split("/", 1)[0])
