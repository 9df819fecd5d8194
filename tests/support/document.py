"""The merged API document, operation by operation."""

from typing import Any, NamedTuple

from tests.support.documents_shared import share_documents
from tools.api_document import document

METHODS = ("get", "post", "put", "patch", "delete")


class Operation(NamedTuple):
    """One operation of the merged document."""

    method: str
    path: str
    told: dict[str, Any]

    def takes(self, *names: str) -> bool:
        return any(parameter["name"].lower() in names for parameter in self.told.get("parameters", []))

    @property
    def media_types(self) -> set[str]:
        return set(self.told.get("requestBody", {}).get("content", {}))


share_documents()
DOCUMENT = document()
OPERATIONS = [
    Operation(method, path, item[method])
    for path, item in DOCUMENT["paths"].items()
    for method in METHODS
    if method in item
]
