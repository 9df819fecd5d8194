"""Requests to the institutions and their functions."""

from tests.support.asks import Ask, Asks, Make, Target, asks_to_read
from tests.support.records import INSTITUTION

FILE = b"external_id;name;type;county_terc\r\n"


def _path(target: Target) -> str:
    return f"/institutions/{target['institution']['id']}"


def _function_path(target: Target) -> str:
    return f"{_path(target)}/functions/{target['function']['id']}"


async def prepare(target: Target, make: Make) -> None:
    """An institution that holds a function."""
    target.made["institution"] = await make("/institutions", INSTITUTION | {"county_terc": target.county})
    held = {"kind": "coordinating_institution", "held_from": "2026-02-01"}
    target.made["function"] = await make(f"{_path(target)}/functions", held)


ASKS: Asks = {
    "list_institutions": asks_to_read("/institutions"),
    "get_institution": asks_to_read(_path),
    "create_institution": lambda target: Ask(
        "POST", "/institutions", INSTITUTION | {"county_terc": target.county}, out_of_reach="outside-scope"
    ),
    "amend_institution": lambda target: Ask(
        "PATCH", _path(target), {"phone": "+48 32 111 22 33"}, target["institution"], out_of_reach="outside-scope"
    ),
    "close_institution": lambda target: Ask(
        "POST",
        f"{_path(target)}/close",
        {"closed_on": "2026-12-31", "reason": "koniec"},
        target["institution"],
        out_of_reach="outside-scope",
    ),
    "list_functions": asks_to_read(lambda target: f"{_path(target)}/functions"),
    "give_function": lambda target: Ask(
        "POST",
        f"{_path(target)}/functions",
        {"kind": "coordinating_institution", "held_from": "2026-01-01"},
        out_of_reach="outside-scope",
    ),
    "get_function": asks_to_read(_function_path),
    "end_function": lambda target: Ask(
        "POST",
        f"{_function_path(target)}/end",
        {"held_to": "2027-01-01", "reason": "koniec"},
        target["function"],
        out_of_reach="outside-scope",
    ),
    "import_institutions": lambda _: Ask("POST", "/institution-imports?format=generic", file=FILE),
}
