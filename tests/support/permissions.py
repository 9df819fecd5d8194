"""Who may do what, as a page: `python -m tests.support.permissions > docs/permissions.md`."""

import sys
from collections.abc import Mapping

from gateway.views.table import VIEWS
from services.chassis.trust.callers import Grants, Reach, Related
from tests.support.callers import ROLES
from tests.support.services import SERVICES, module_of

HEAD = """\
# Who may do what, and how far

Made from the services' own `permissions.py` by `python -m tests.support.permissions > docs/permissions.md`; a test
compares the two. A permission reaches everywhere, the counties of the caller's token (`*` is every county), or the
caller's own institution. Every endpoint names its permission; a generated test tries every endpoint as every role and
scope, in the caller's own institution, elsewhere in the own county, and in another county.

Names with a colon are scopes. In the token of a person they are those of the application that the
person uses: it may do what a role *and* a scope allow, as far as both reach ("own institution" with
"own counties": the own institution, if it lies in own counties). Every pair of a role and a scope
is tried against this, and a guardian with every scope there is at every endpoint. Alone they count
for service accounts only; a person without a role may do nothing. Scopes without a colon (`openid`,
`profile`, `email`) change nothing. A scope of one service allows nothing in another.

Whoever asked for a background job may see and cancel it, an application with scopes if these let it
ask for such a job; `operate` is about everybody's jobs: how they stand, and not what came of them.
`events:read` opens the feed; an event of screenings is shown to whoever may also read those
screenings. Whoever submitted a positive result does not confirm it, unless the campaign's protocol
says that one person may.
"""
REACHES = {
    Reach.EVERYWHERE: "everywhere",
    Reach.OWN_COUNTIES: "in own counties",
    Reach.OWN_INSTITUTION: "for own institution",
}


def _related(granted: Mapping[str, Reach | Related]) -> str:
    names = {str(permission).split(":", 1)[1]: given for permission, given in granted.items()}
    kinds = sorted({kind for given in names.values() if isinstance(given, Related) for kind in given.kinds})
    by_kind = {
        kind: [name for name, given in names.items() if isinstance(given, Related) and kind in given.kinds]
        for kind in kinds
    }
    cells = [f"{kind}: {', '.join(f'`{name}`' for name in sorted(by_kind[kind]))}" for kind in kinds]
    return "; ".join(cells) or "–"


def _cell(granted: Mapping[str, Reach | Related], reach: Reach) -> str:
    reaches = {name: given.beside if isinstance(given, Related) else given for name, given in granted.items()}
    names = [str(permission).split(":", 1)[1] for permission, given in reaches.items() if given == reach]
    return ", ".join(f"`{name}`" for name in sorted(names)) or "–"


def _table(grants: Grants) -> list[str]:
    by_relation = any(isinstance(given, Related) for granted in grants.values() for given in granted.values())
    headings = [*REACHES.values(), *(["by a relation"] if by_relation else [])]
    lines = [f"| role or scope | {' | '.join(headings)} |", "|---" * (len(headings) + 1) + "|"]
    for holder in [*ROLES, *sorted(grants.keys() - {*ROLES})]:
        cells = [_cell(grants.get(holder, {}), reach) for reach in REACHES]
        if by_relation:
            cells.append(_related(grants.get(holder, {})))
        lines.append(f"| `{holder}` | {' | '.join(cells)} |")
    return lines


def _section(service: str) -> list[str]:
    permissions = module_of(service, "permissions")
    known = ", ".join(f"`{permission}`" for permission in sorted(permissions.Permission))
    return [f"\n## {service}\n", f"Permissions: {known}.\n", *_table(permissions.GRANTS)]


def _of_views() -> list[str]:
    """What shows each part of a view."""
    lines = [
        "\n## views\n",
        "A view needs no permission of its own. Each part is there for whoever its service shows it.\n",
    ]
    lines += ["| view | parts |", "|---|---|"]
    for view in VIEWS:
        parts = ", ".join(f"{part}: `{right}`" for part, right in view.shown_by.items())
        lines.append(f"| `{view.noun}` | {parts} |")
    return lines


def page() -> str:
    """The whole page."""
    sections = (line for service in SERVICES for line in _section(service))
    return "\n".join([HEAD.rstrip("\n"), *sections, *_of_views(), ""])


if __name__ == "__main__":
    sys.stdout.write(page())
