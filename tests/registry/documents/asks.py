"""Requests to the documents and their versions: here those of a site of a programme."""

import uuid

from tests.registry.programmes import asks as programmes
from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read
from tests.support.callers import call_as

PDF = "application/pdf"
FILE = b"%PDF-1.7\nfile of a test"
VERSION: Made = {"authors": ["Zespół"]}
ADOPTION: Made = {"adopted_on": "2026-01-10", "adopted_by": "Zarząd Powiatu"}


def _document(target: Target) -> Made:
    return {"kind": "local_diagnosis", "title": "Diagnoza", "site_id": target["site"]["id"]}


def _path(target: Target) -> str:
    return f"/documents/{target['document']['id']}"


def _version_path(target: Target, name: str = "filed") -> str:
    return f"{_path(target)}/versions/{target[name]['number']}"


async def prepare(target: Target, make: Make) -> None:
    """A document with a version that is adopted, one that has its file and one that waits for it."""
    await programmes.prepare(target, make)
    document = await make("/documents", _document(target))
    target.made["document"] = document
    for name in ("adopted", "filed", "waiting"):
        target.made[name] = await make(f"{_path(target)}/versions", VERSION)
    headers = call_as(scope="registry:write", subject="somebody else", counties=["*"], institution=None)
    for name in ("adopted", "filed"):
        sent = headers | {"content-type": PDF, "idempotency-key": str(uuid.uuid4())}
        path = f"/v1/registry{_version_path(target, name)}/file"
        answer = await target.client.post(path, content=FILE, headers=sent)
        assert answer.status_code == 201, answer.text
        target.made[name] = answer.json()
    await make(f"{_version_path(target, 'adopted')}/adopt", ADOPTION, target["adopted"])
    # Each version, each file and the adoption made another one of it.
    target.made["document"] = document | {"version": 7}


ASKS: Asks = {
    "list_public_documents": asks_to_read("/documents"),
    "create_public_document": lambda target: Ask("POST", "/documents", _document(target), out_of_reach="outside-scope"),
    "get_public_document": asks_to_read(_path),
    "amend_public_document": lambda target: Ask(
        "PATCH", _path(target), {"title": "Inny"}, target["document"], out_of_reach="outside-scope"
    ),
    "list_document_versions": asks_to_read(lambda target: f"{_path(target)}/versions"),
    "add_document_version": lambda target: Ask(
        "POST", f"{_path(target)}/versions", VERSION, out_of_reach="outside-scope"
    ),
    "get_document_version": asks_to_read(lambda target: _version_path(target, "adopted")),
    "get_document_file": asks_to_read(lambda target: f"{_version_path(target, 'adopted')}/file"),
    "keep_document_file": lambda target: Ask(
        "POST", f"{_version_path(target, 'waiting')}/file", file=FILE, kind=PDF, out_of_reach="outside-scope"
    ),
    # A draft of another county is not even there.
    "adopt_document_version": lambda target: Ask(
        "POST", f"{_version_path(target)}/adopt", ADOPTION, target["filed"], out_of_reach="document-version-not-found"
    ),
}
