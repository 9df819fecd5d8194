"""The answers of an endpoint, for the API document."""

from typing import Any

from services.chassis.ground.problems import Problem

_PROBLEM = {
    "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
}


def answers(
    model: type[Any],
    *kinds: type[Problem],
    status: int = 200,
    files: dict[str, Any] | None = None,
) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of an endpoint: its answer, its files and its Problems."""
    return {
        status: {"model": model, **({"content": files} if files else {})},
        **problems(*kinds),
    }


def problems(*kinds: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of an endpoint: the Problems it may answer with."""
    # OpenAPI has one answer for a status: problems that share it stand in one text.
    by_status: dict[int, list[type[Problem]]] = {}
    for kind in kinds:
        by_status.setdefault(kind.status, []).append(kind)
    return {
        status: {
            "description": " ".join(
                f"`/problems/{kind.slug()}` {kind.title('en')}." for kind in same_status
            ),
            "content": _PROBLEM,
        }
        for status, same_status in by_status.items()
    }
