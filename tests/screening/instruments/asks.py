"""Requests to the instruments and their versions."""

import uuid

from services.screening.instruments.schemas import DEFINITION_EXAMPLE
from tests.support.asks import Ask, Asks, Make, Target, asks_to_read
from tests.support.matrix import make_institution


def new_instrument() -> dict[str, object]:
    """An instrument with a code of its own."""
    code = f"T{uuid.uuid4().hex[:12].upper()}"
    return {"code": code, "family": code, "name": {"pl": "Narzędzie", "en": "Instrument"}}


def path(target: Target) -> str:
    """The instrument's address."""
    return f"/instruments/{target['instrument']['code']}"


async def prepare(target: Target, make: Make) -> None:
    """An instrument with a published version and a draft."""
    await make_institution(target, make)
    target.made["instrument"] = await make("/instruments", new_instrument())
    first = await make(f"{path(target)}/versions", DEFINITION_EXAMPLE)
    target.made["published"] = await make(f"{path(target)}/versions/1/publish", {}, first)
    target.made["draft"] = await make(f"{path(target)}/versions", DEFINITION_EXAMPLE)


ASKS: Asks = {
    "list_instruments": asks_to_read("/instruments"),
    "get_definition_schema": asks_to_read("/instruments/definition-schema"),
    "create_instrument": lambda _: Ask("POST", "/instruments", new_instrument()),
    "get_instrument": asks_to_read(path),
    "list_instrument_versions": asks_to_read(lambda target: f"{path(target)}/versions"),
    "draft_instrument_version": lambda target: Ask("POST", f"{path(target)}/versions", DEFINITION_EXAMPLE),
    "get_instrument_version": asks_to_read(lambda target: f"{path(target)}/versions/1"),
    "amend_instrument_version": lambda target: Ask(
        "PUT", f"{path(target)}/versions/2", DEFINITION_EXAMPLE, target["draft"]
    ),
    "publish_instrument_version": lambda target: Ask(
        "POST", f"{path(target)}/versions/2/publish", None, target["draft"]
    ),
    "retire_instrument_version": lambda target: Ask(
        "POST", f"{path(target)}/versions/1/retire", {"reason": "koniec"}, target["published"]
    ),
}
