"""Requests about the codes that join accounts."""

from tests.casework.guardianships.asks import prepare as prepare_family
from tests.support.asks import Ask, Asks, Make, Target, asks_to_read


def _path(target: Target) -> str:
    return f"/people/{target['parent']['id']}/account-codes"


async def prepare(target: Target, make: Make) -> None:
    """A guardian who was handed a code."""
    await prepare_family(target, make)
    target.made["code"] = await make(_path(target), {})


ASKS: Asks = {
    "issue_account_code": lambda target: Ask("POST", _path(target), None, out_of_reach="person-not-found"),
    "get_account_code": asks_to_read(
        lambda target: f"{_path(target)}/{target['code']['id']}", "account-code-not-found"
    ),
    "join_account": lambda target: Ask("POST", "/accounts:join", {"code": target["code"]["code"]}),
}
