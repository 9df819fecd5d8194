"""Requests to attachments."""

import uuid

from tests.casework.attachments.made import png
from tests.casework.documents import asks as documents
from tests.casework.people import asks as people
from tests.support.asks import Ask, Asks, Make, Target
from tests.support.callers import call_as


async def prepare(target: Target, make: Make) -> None:
    """A document with a file."""
    await documents.prepare(target, make)
    headers = call_as(scope="casework:write", subject="somebody else", counties=["*"], institution=None)
    headers |= {"content-type": "image/png", "idempotency-key": str(uuid.uuid4())}
    path = f"/v1/casework{documents.path(target)}/attachments"
    answer = await target.client.post(path, content=png(), headers=headers)
    assert answer.status_code == 201, answer.text
    target.made["attachment"] = answer.json()


def _path(target: Target) -> str:
    return f"{documents.path(target)}/attachments"


ASKS: Asks = {
    "list_attachments": lambda target: Ask(
        "GET", _path(target), out_of_reach="document-not-found", related=people.related(target)
    ),
    "attach_file": lambda target: Ask(
        "POST",
        _path(target),
        file=png(),
        kind="image/png",
        out_of_reach="document-not-found",
        related=people.related(target),
    ),
    "delete_attachment": lambda target: Ask(
        "POST",
        f"{_path(target)}/{target['attachment']['id']}/delete",
        {"reason": "of_somebody_else", "note": "innego dziecka"},
        target["attachment"],
        out_of_reach="document-not-found",
        related=people.related(target),
    ),
    "get_attachment": lambda target: Ask(
        "GET",
        f"{_path(target)}/{target['attachment']['id']}",
        out_of_reach="document-not-found",
        related=people.related(target),
    ),
}
