"""Requests to the protocols and their versions."""

import uuid

from tests.screening.instruments import asks as instruments
from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read


def new_protocol() -> Made:
    """A protocol with a code of its own."""
    return {"code": f"P{uuid.uuid4().hex[:12].upper()}", "name_pl": "Protokół", "name_en": "Protocol"}


def two_stages(*codes: str, **selection: object) -> Made:
    """A version with these instruments in both stages; whoever is positive goes on, unless another rule is given."""
    forms = [{"instrument_code": code, "instrument_version": 1} for code in codes]
    rule = selection or {"kind": "outcome_in", "outcomes": ["positive"]}
    return {
        "stage_one": {"forms": forms, "days": 90},
        "selection": rule,
        "stage_two": {"forms": forms[:1], "days": 60},
    }


def path(target: Target) -> str:
    """The protocol's address."""
    return f"/protocols/{target['protocol']['code']}"


def version_of(target: Target) -> Made:
    """A version over the published instrument."""
    return two_stages(str(target["instrument"]["code"]))


async def prepare(target: Target, make: Make) -> None:
    """A protocol of two stages, in its first version."""
    await instruments.prepare(target, make)
    target.made["protocol"] = await make("/protocols", new_protocol())
    target.made["protocol_version"] = await make(f"{path(target)}/versions", version_of(target))


ASKS: Asks = {
    "list_protocols": asks_to_read("/protocols"),
    "create_protocol": lambda _: Ask(
        "POST", "/protocols", new_protocol(), out_of_reach="outside-scope", only_everywhere=True
    ),
    "get_protocol": asks_to_read(path),
    "list_protocol_versions": asks_to_read(lambda target: f"{path(target)}/versions"),
    "add_protocol_version": lambda target: Ask(
        "POST",
        f"{path(target)}/versions",
        version_of(target),
        out_of_reach="outside-scope",
        only_everywhere=True,
    ),
    "get_protocol_version": asks_to_read(lambda target: f"{path(target)}/versions/1"),
    "retire_protocol_version": lambda target: Ask(
        "POST",
        f"{path(target)}/versions/1/retire",
        {"reason": "nowsze narzędzie"},
        target["protocol_version"],
        out_of_reach="outside-scope",
        only_everywhere=True,
    ),
}
