"""Requests to the materials of a programme."""

import uuid
from typing import Any

from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read
from tests.support.callers import call_as
from tests.training.programme_versions import asks as versions

PDF = "application/pdf"
FILE = b"%PDF-1.7\nfile of a test"


def material(programme: str, number: int, *modules: str, **facts: Any) -> Made:
    """A reusable handbook of these modules."""
    return {
        "programme": programme,
        "version_number": number,
        "modules": [*modules],
        "code": "HANDBOOK",
        "title_pl": "Podręcznik",
        "title_en": "Handbook",
        "kind": "handbook",
        "use": "reusable",
        "licence_spdx": "CC-BY-4.0",
    } | facts


def _of_target(target: Target) -> Made:
    return material(target["programme"]["code"], target["proposed"]["number"], "M1")


def _path(target: Target, name: str = "material") -> str:
    return f"/materials/{target[name]['id']}"


async def prepare(target: Target, make: Make) -> None:
    """A material of a proposed version with its file, and one that waits for it."""
    await versions.prepare(target, make)
    target.made["waiting"] = await make("/materials", _of_target(target))
    target.made["material"] = await make("/materials", _of_target(target))
    headers = call_as(scope="training:write", subject="somebody else", counties=["*"], institution=None)
    headers |= {"content-type": PDF, "idempotency-key": str(uuid.uuid4())}
    answer = await target.client.post(f"/v1/training{_path(target)}/file", content=FILE, headers=headers)
    assert answer.status_code == 201, answer.text


ASKS: Asks = {
    "list_materials": asks_to_read("/materials"),
    "add_material": lambda target: Ask("POST", "/materials", _of_target(target)),
    "get_material": asks_to_read(_path),
    "keep_material_file": lambda target: Ask("POST", f"{_path(target, 'waiting')}/file", file=FILE, kind=PDF),
    "get_material_file": asks_to_read(lambda target: f"{_path(target)}/file"),
}
