"""Resources on the wire: alone with their version, or as the results of a search."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from services.chassis.fhir.asking import FhirSearch, FhirTerms
from services.chassis.fhir.moments import instant


def json_text(resource: Mapping[str, Any]) -> str:
    """A resource as JSON."""
    return json.dumps(resource, ensure_ascii=False, separators=(",", ":"))


def with_meta(
    resource: Mapping[str, Any], version: int, changed_at: datetime
) -> dict[str, Any]:
    """The resource with its version and the time of its last change in `meta`."""
    meta = {"versionId": str(version), "lastUpdated": instant(changed_at)}
    return {"resourceType": resource["resourceType"], "meta": meta, **resource}


class Results(NamedTuple):
    """Results of a search: a page of resources, where the next begins, the total."""

    kind: str
    resources: Sequence[Mapping[str, Any]]
    next_cursor: str | None
    total: int | None


def searchset(results: Results, search: FhirSearch, terms: FhirTerms) -> dict[str, Any]:
    """The Bundle of a page, with the addresses of its resources, itself and the next."""
    collection = f"{terms.base}/{results.kind}"
    links = [("self", search.cursor)]
    if results.next_cursor is not None:
        links.append(("next", results.next_cursor))
    entries = [
        {
            "fullUrl": f"{collection}/{resource['id']}",
            "resource": resource,
            "search": {"mode": "match"},
        }
        for resource in results.resources
    ]
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        **({} if results.total is None else {"total": results.total}),
        "link": [
            {
                "relation": relation,
                "url": f"{collection}?{search.query_string(cursor)}".rstrip("?"),
            }
            for relation, cursor in links
        ],
        # FHIR forbids empty arrays.
        **({"entry": entries} if entries else {}),
    }
