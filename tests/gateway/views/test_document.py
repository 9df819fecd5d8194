"""What the API document says of views."""

from typing import Any

from gateway.views.document import WORDS, views_document
from gateway.views.table import VIEWS


def test_every_property_and_parameter_is_described_and_every_word_is_used() -> None:
    document = views_document()
    schemas: dict[str, dict[str, Any]] = document["components"]["schemas"]
    members = [(name, at, told) for name, each in schemas.items() for at, told in each.get("properties", {}).items()]
    assert [f"{name}.{at}" for name, at, told in members if not told.get("description")] == []
    words = [line.partition(": ")[0] for line in WORDS.read_text("utf-8").splitlines()[1:]]
    assert {*words} <= {at for _, at, _ in members} | {f"{name}.{at}" for name, at, _ in members}
    operations = [item["get"] for item in document["paths"].values()]
    assert all(each["description"] for operation in operations for each in operation["parameters"])
    assert len(operations) == len(VIEWS) == len({operation["operationId"] for operation in operations})
