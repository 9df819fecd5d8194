"""Requests to retention rules."""

from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read

PATH = "/retention-rules"
RULE: Made = {
    "county_terc": "2469",
    "record_kind": "early",
    "starts_with": "case_closed",
    "years": 10,
    "action": "erase",
    "legal_basis": "jednolity rzeczowy wykaz akt, klasa 4330",
    "valid_from": "2000-01-01",
}


async def prepare(target: Target, make: Make) -> None:
    """A rule of the county, and an institution that is known by its id alone."""
    target.made["rule"] = await make(PATH, {**RULE, "county_terc": target.county})
    target.made["institution"] = {"id": "01990000-0000-7000-8000-00000000a001"}


ASKS: Asks = {
    "list_rules": asks_to_read(PATH),
    "add_rule": lambda target: Ask(
        "POST", PATH, {**RULE, "county_terc": target.county, "record_kind": "pupil"}, out_of_reach="outside-scope"
    ),
    "get_rule": asks_to_read(lambda target: f"{PATH}/{target['rule']['id']}", "retention-rule-not-found"),
    "end_rule": lambda target: Ask(
        "POST",
        f"{PATH}/{target['rule']['id']}/end",
        {"valid_to": "2199-01-01"},
        target["rule"],
        out_of_reach="retention-rule-not-found",
    ),
}
