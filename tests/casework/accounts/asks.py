"""Requests to accounts."""

from tests.casework.accounts.made import JOIN, family_member
from tests.casework.guardianships.asks import prepare as prepare_family
from tests.support.asks import Ask, Asks, Make, Target, asks_to_read
from tests.support.callers import call_as

EVERYTHING = call_as(scope="casework:write", counties=["*"], institution=None)


def _path(target: Target) -> str:
    return f"/accounts/{target['account']['id']}"


async def prepare(target: Target, make: Make) -> None:
    """A guardian with an account."""
    await prepare_family(target, make)
    parent = target["parent"]["id"]
    code = await make(f"/people/{parent}/account-codes", {})
    joined = await target.client.post(JOIN, json={"code": code["code"]}, headers=family_member("joined"))
    assert joined.status_code == 200, joined.text
    listed = await target.client.get("/v1/casework/accounts", params={"person_id": parent}, headers=EVERYTHING)
    [target.made["account"]] = listed.json()["items"]


ASKS: Asks = {
    "list_accounts": asks_to_read("/accounts"),
    "get_own_account": asks_to_read("/accounts/me"),
    "get_account": asks_to_read(_path, "account-not-found"),
    "end_account": lambda target: Ask(
        "POST", f"{_path(target)}/end", None, target["account"], out_of_reach="account-not-found"
    ),
}
