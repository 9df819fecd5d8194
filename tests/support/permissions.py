"""Who may do what, as a page: `python -m tests.support.permissions > docs/permissions.md`."""

import sys
from collections.abc import Mapping

from services.chassis.identity import Grants, Reach
from services.registry.permissions import GRANTS, Permission
from tests.support.callers import ROLES

HEAD = """\
# Who may do what, and how far

Made from the services' own `permissions.py` by `python -m tests.support.permissions > docs/permissions.md`; a test
compares the two. A permission reaches everywhere, the counties of the caller's token (`*` is every county), or the
caller's own institution. Every endpoint names its permission; a generated test tries every endpoint as every role and
scope, in the caller's own institution, elsewhere in the own county, and in another county.

Whoever asked for a background job may see and cancel it; `operate` is about everybody's jobs.
"""
REACHES = {
    Reach.EVERYWHERE: "everywhere",
    Reach.OWN_COUNTIES: "in own counties",
    Reach.OWN_INSTITUTION: "for own institution",
}


def _cell(granted: Mapping[str, Reach], reach: Reach) -> str:
    names = [str(permission).split(":", 1)[1] for permission, given in granted.items() if given == reach]
    return ", ".join(f"`{name}`" for name in sorted(names)) or "–"


def _table(title: str, grants: Grants) -> list[str]:
    lines = [f"\n## {title}\n", f"| role or scope | {' | '.join(REACHES.values())} |", "|---|---|---|---|"]
    for holder in [*ROLES, *sorted(grants.keys() - {*ROLES})]:
        cells = [_cell(grants.get(holder, {}), reach) for reach in REACHES]
        lines.append(f"| `{holder}` | {' | '.join(cells)} |")
    return lines


def page() -> str:
    """The whole page."""
    known = ", ".join(f"`{permission}`" for permission in sorted(Permission))
    return "\n".join([HEAD, f"Permissions of the registry: {known}.", *_table("registry", GRANTS), ""])


if __name__ == "__main__":
    sys.stdout.write(page())
