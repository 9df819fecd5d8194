"""Requests about who somebody is."""

from tests.casework.people.asks import prepare as prepare
from tests.support.asks import Ask, Asks, asks_to_read

ASKS: Asks = {
    "search_people": lambda _: Ask(
        "POST", "/people:search", {"family_name": "Nikt", "given_name": "Nikt", "purpose": "intake"}
    ),
    "resolve_subject": lambda _: Ask(
        "POST", "/people:resolve-subject", {"subject_ref": "3f6c1a52-8a2e-4a53-9a52-0c1f4f0c7b11"}
    ),
    "get_subject_reference": asks_to_read(
        lambda target: f"/people/{target['person']['id']}/subject-reference", "person-not-found"
    ),
}
