"""Resources on the wire: alone, or as the results of a search."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

MEDIA_TYPE = "application/fhir+json"


def json_text(resource: Mapping[str, Any]) -> str:
    """A resource as JSON."""
    return json.dumps(resource, ensure_ascii=False, separators=(",", ":"))


def searchset(
    resources: Sequence[Mapping[str, Any]], *, is_complete: bool = True
) -> dict[str, Any]:
    """The Bundle of a search's results.

    Without a total when more match than are listed.
    """
    entries = [
        {"resource": resource, "search": {"mode": "match"}} for resource in resources
    ]
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        # FHIR's total is of all matches, and those beyond these were not counted.
        **({"total": len(entries)} if is_complete else {}),
        **({"entry": entries} if entries else {}),
    }
