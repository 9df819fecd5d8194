"""The world of a training: who organises it, who takes part, and the names that nothing else may tell."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, ClassVar

from services.chassis.ground import clock
from tests.journeys.stories import Act, Cast, Headers, Made, Story
from tests.support.callers import call_as

CANARY = "Kanarkówna"
SECRETS = (CANARY, "Zofia Anna", "kanarek@example.org")

MANAGER = call_as("training_manager", subject="organizatorka")
NEIGHBOUR = call_as("training_manager", subject="sasiad", counties=["2401"])
CLIENT = call_as("programme_manager", subject="zamawiajaca", counties=[], institution=None)
TRAINER = call_as("trainer", subject="trenerka", counties=[])
STRANGER = call_as("trainer", subject="obcy-trener", counties=[])
VALIDATOR = call_as("trainer", subject="walidatorka", counties=[])
TRAINEE = call_as("trainee", subject="uczestniczka", counties=[])
MEMBER = call_as("authority_member", subject="urzedniczka", counties=[])


def _by_manager(permission: str, hidden: str | None = None) -> Cast:
    return Cast(permission, MANAGER, TRAINEE, NEIGHBOUR, hidden=hidden)


PROGRAMMES = replace(_by_manager("programmes:edit"), elsewhere=None)
FOR_CONTRACTOR = replace(_by_manager("programmes:agree"), elsewhere=None)
FOR_CLIENT = Cast("programmes:agree", CLIENT, TRAINEE, None)
TRAINERS = replace(_by_manager("trainers:edit"), elsewhere=None)
GROUPS, MOVES, PEOPLE = _by_manager("groups:edit"), _by_manager("groups:move"), _by_manager("trainees:edit")
SEATS = _by_manager("enrolments:enrol", "trainee-not-found")
LEAVING = Cast("enrolments:withdraw", MANAGER, TRAINER, NEIGHBOUR, hidden="enrolment-not-found")
NEW_SESSIONS = _by_manager("sessions:edit")
LISTS = Cast("attendance:record", TRAINER, TRAINEE, STRANGER, hidden="session-not-found")
VALIDATORS = _by_manager("groups:edit", "group-not-found")
VALIDATIONS = Cast("validations:record", VALIDATOR, TRAINEE, STRANGER, hidden="enrolment-not-found")
CERTIFICATES = _by_manager("certificates:issue", "group-not-found")
REVOCATIONS = _by_manager("certificates:revoke", "certificate-not-found")
SHOWN = Cast("certificates:show", TRAINEE, MANAGER, None)
AUTHORITIES, STEPS = _by_manager("authorities:edit"), _by_manager("authorities:move")
TEAMS = _by_manager("authorities:edit")


def day(days: int) -> str:
    """The day so many days from the one on which the story is told."""
    return (clock.today() + timedelta(days=days)).isoformat()


def person(given: str, **facts: Any) -> Made:
    """Somebody of county 2469 who is to be trained."""
    named = {"given_name": given, "family_name": CANARY, "sex": "female", "email": "kanarek@example.org"}
    of_centre = {"organisation_type": "cis", "organisation_name": "Centrum", "relation": "employee"}
    return {"county_terc": "2469", **named, **of_centre, **facts}


@dataclass
class TrainingStory(Story):
    """A story of training. A refusal must leave the feed, and what is watched of the same thing, as they are."""

    service: ClassVar[str] = "training"
    reader: ClassVar[Headers] = call_as(
        scope="training:write events:read", subject="patrzy", counties=["*"], institution=None
    )

    async def shown(self, act: Act) -> list[Any]:
        """The feed, which tells of every change, and whatever is watched of what the act is about."""
        about = "/".join(act.path.split("/")[:3])
        parts = [path for path in self.watched if path.startswith(about)]
        return [await self.read(path) for path in ("/events?limit=1000", *parts)]

    async def asked_by_nobody(self, path: str) -> Any:
        """What somebody without a token is answered."""
        answer = await self.client.get(path, headers={"accept": "application/json"})
        assert answer.status_code == 200, answer.text
        is_json = answer.headers["content-type"].startswith("application/json")
        return answer.json() if is_json else answer.text
