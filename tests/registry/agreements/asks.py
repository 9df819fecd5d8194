"""Requests to the agreements, their parties and their texts."""

from tests.registry.institutions import asks as institutions
from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read

AGREEMENT: Made = {"kind": "local_cooperation_pact", "title": "Pakt", "valid_from": "2026-01-01"}
PARTIES: list[Made] = [
    {"party_name": "Powiat", "party_kind": "authority"},
    {"party_name": "Stowarzyszenie", "party_kind": "organisation"},
]
TEXT: Made = {"document_reference": "OR.1.2026", "document_sha256": "a" * 64, "valid_from": "2026-01-01"}


def _path(target: Target) -> str:
    return f"/agreements/{target['agreement']['id']}"


def _signatory_path(target: Target) -> str:
    return f"{_path(target)}/signatories/{target['signatory']['id']}"


async def prepare(target: Target, make: Make) -> None:
    """An institution, a pact that is signed, and one that could be."""
    await institutions.prepare(target, make)
    target.made["signed"] = await _draw_up(target, make)
    path = f"/agreements/{target['signed']['id']}/sign"
    target.made["signed"] = await make(path, {"signed_on": "2026-01-01"}, target["signed"])
    target.made["agreement"] = await _draw_up(target, make)


async def _draw_up(target: Target, make: Make) -> Made:
    """A draft with parties and a text, of the version that it has after all that was added."""
    drawn = await make("/agreements", AGREEMENT | {"county_terc": target.county})
    for party in PARTIES:
        target.made["signatory"] = await make(f"/agreements/{drawn['id']}/signatories", party)
    await make(f"/agreements/{drawn['id']}/versions", TEXT)
    return drawn | {"version": 4}


ASKS: Asks = {
    "list_agreements": asks_to_read("/agreements"),
    "get_agreement": asks_to_read(_path),
    "create_agreement": lambda target: Ask(
        "POST", "/agreements", AGREEMENT | {"county_terc": target.county}, out_of_reach="outside-scope"
    ),
    "amend_agreement": lambda target: Ask(
        "PATCH", _path(target), {"title": "Inny tytuł"}, target["agreement"], out_of_reach="outside-scope"
    ),
    "sign_agreement": lambda target: Ask(
        "POST",
        f"{_path(target)}/sign",
        {"signed_on": "2026-01-01"},
        target["agreement"],
        out_of_reach="outside-scope",
    ),
    "terminate_agreement": lambda target: Ask(
        "POST",
        f"/agreements/{target['signed']['id']}/terminate",
        {"terminated_on": "2026-02-01", "reason": "koniec"},
        target["signed"],
        out_of_reach="outside-scope",
    ),
    "list_signatories": asks_to_read(lambda target: f"{_path(target)}/signatories"),
    "add_signatory": lambda target: Ask(
        "POST",
        f"{_path(target)}/signatories",
        {"party_name": "Gmina", "party_kind": "authority"},
        out_of_reach="outside-scope",
    ),
    "get_signatory": asks_to_read(_signatory_path),
    "withdraw_signatory": lambda target: Ask(
        "POST",
        f"{_signatory_path(target)}/withdraw",
        {"withdrawn_on": "2026-02-01", "reason": "koniec"},
        target["signatory"],
        out_of_reach="outside-scope",
    ),
    "list_agreement_versions": asks_to_read(lambda target: f"{_path(target)}/versions"),
    "get_agreement_version": lambda target: Ask(
        "GET", f"{_path(target)}/versions/1", lacks="agreement-version-not-found"
    ),
    "add_agreement_version": lambda target: Ask(
        "POST", f"{_path(target)}/versions", TEXT, out_of_reach="outside-scope"
    ),
}
