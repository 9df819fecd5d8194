"""Requests to certificates."""

from tests.support.asks import Ask, Asks, Make, Target, asks_to_read
from tests.training.certificates.made import earned
from tests.training.validations.made import found


def _one(target: Target) -> str:
    return f"/certificates/{target['certificate']['id']}"


def _group(target: Target) -> str:
    return f"/groups/{target['ids']['group']}"


def holder_of(target: Target) -> dict[str, str]:
    """The relation of whoever holds the certificate."""
    return {"trainee": target["ids"]["trainee"]}


async def prepare(target: Target, make: Make) -> None:
    """Somebody who has earned a certificate, and got it unless it is to be issued."""
    target.made["institution"] = {"id": "01990000-0000-7000-8000-000000000001"}
    ids = target.made["ids"] = await earned(target.client, target.county)
    if target.county != "2469":
        await make("/validations", found(ids))
    if not target.is_for("issue_certificate"):
        target.made["certificate"] = await make("/certificates", {"enrolment_id": ids["enrolment"]})


ASKS: Asks = {
    "list_certificates": asks_to_read("/certificates"),
    "issue_certificate": lambda target: Ask(
        "POST", "/certificates", {"enrolment_id": target["ids"]["enrolment"]}, out_of_reach="group-not-found"
    ),
    "issue_group_certificates": lambda target: Ask(
        "POST", f"{_group(target)}/certificates:issue", out_of_reach="group-not-found"
    ),
    "get_certificate": lambda target: Ask(
        "GET", _one(target), out_of_reach="certificate-not-found", related=holder_of(target)
    ),
    "revoke_certificate": lambda target: Ask(
        "POST",
        f"{_one(target)}/revoke",
        {"reason": "pomyłka"},
        target["certificate"],
        out_of_reach="certificate-not-found",
    ),
}
