"""The callers of the development issuer: one demo caller for every role, and service
accounts. All of them are invented.
"""

import json
from dataclasses import dataclass
from pathlib import Path

KATOWICE = "2469"
INSTITUTION = "01980000-0000-7000-8000-000000000001"  # of callers who work in one, until the demo creates theirs
CLIENT_SECRET = "development-only"  # noqa: S105 - of every service account here, and no secret at all


@dataclass(frozen=True)
class DemoCaller:
    """A caller with the claims of its tokens, and one line on what it may do."""

    name: str
    may: str
    roles: tuple[str, ...] = ()
    counties: tuple[str, ...] = ()
    institution_id: str | None = None
    scopes: tuple[str, ...] = ()

    @property
    def is_service_account(self) -> bool:
        return bool(self.scopes)


def _person(role: str, may: str, *, counties: tuple[str, ...] = (KATOWICE,), works_in: str | None = None) -> DemoCaller:
    return DemoCaller(f"demo-{role.replace('_', '-')}", may, (role,), counties, works_in)


def _service_account(name: str, may: str, *scopes: str) -> DemoCaller:
    return DemoCaller(name, may, counties=("*",), scopes=scopes)


DEMO_CALLERS = {
    caller.name: caller
    for caller in (
        _person("county_coordinator", "institutions, networks, bodies, campaigns, and every child's case in Katowice"),
        _person(
            "institution_coordinator",
            "the support services of one institution, cases and plans of Katowice",
            works_in=INSTITUTION,
        ),
        _person("early_screening_coordinator", "campaigns and results of small children in Katowice"),
        _person("pupil_screening_coordinator", "campaigns and results of pupils in Katowice"),
        _person("screener", "the screenings of one institution", works_in=INSTITUTION),
        _person("specialist", "children in whose team it is: assessments, plans, support", works_in=INSTITUTION),
        _person(
            "service_provider",
            "the support services of one institution, the referrals it received",
            works_in=INSTITUTION,
        ),
        _person("registry_editor", "the institutions and services of Katowice"),
        _person("training_manager", "programmes, groups, certificates, authorities on their path", counties=("*",)),
        _person("trainer", "the groups that it trains: people, attendance, validations", counties=()),
        _person("trainee", "its own enrolments, attendance, certificates", counties=()),
        _person("adviser", "the authorities that it advises: visits, diagnoses, plans", counties=()),
        _person("authority_member", "the path of its own local authority", counties=()),
        _person(
            "programme_manager",
            "programmes, regional platforms, instruments, pathways, aggregates of all counties; no single child",
            counties=("*",),
        ),
        _person("researcher", "pseudonymised studies", counties=("*",)),
        _person("guardian", "its own child: case, plan, consents, and who looked", counties=()),
        _person("auditor", "the audit trail, no content", counties=("*",)),
        _person("operator", "jobs and health, no personal data", counties=("*",)),
        _service_account("demo-registry-reader", "read the registry", "registry:read"),
        _service_account("demo-registry-writer", "write and import the registry", "registry:read", "registry:write"),
        _service_account(
            "demo-casework",
            "reserve places of support services, read the registry and screenings, follow what becomes of them",
            "registry:read",
            "registry:reserve",
            "screening:read",
            "events:read",
        ),
        _service_account("demo-screening-reader", "read screenings", "screening:read"),
        _service_account("demo-screening-submitter", "submit screenings", "screening:submit"),
        _service_account("demo-screening-writer", "everything of screening", "screening:read", "screening:write"),
        _service_account("demo-training-reader", "read training", "training:read"),
        _service_account("demo-training-writer", "everything of training", "training:read", "training:write"),
        _service_account("demo-events-reader", "follow the event feeds, without screenings", "events:read"),
        _service_account(
            "demo-screening-follower", "follow what becomes of screenings", "events:read", "screening:read"
        ),
    )
}
ROLES = tuple(role for caller in DEMO_CALLERS.values() for role in caller.roles)


def caller_with_role(role: str) -> DemoCaller:
    """The demo caller of that role; raises KeyError for a role that no demo caller has."""
    return DEMO_CALLERS[f"demo-{role.replace('_', '-')}"]


def remember_institution(folder: Path, institution_id: str) -> None:
    """Store the institution in which the demo callers of this instance work from now on."""
    (folder / "demo.json").write_text(json.dumps({"institution_id": institution_id}))


def institution_of(caller: DemoCaller, folder: Path) -> str | None:
    """The institution that a demo caller works in, in the instance of that folder."""
    if caller.institution_id is None:
        return None
    try:
        return str(json.loads((folder / "demo.json").read_text())["institution_id"])
    except (FileNotFoundError, json.JSONDecodeError):
        return caller.institution_id
