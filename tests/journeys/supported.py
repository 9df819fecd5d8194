"""The world of a supported family: its people, who works with them, and the texts that no event may tell."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import pytest

from services.casework.place_releases.actions import give_places_back
from services.casework.referral_intakes.actions import FOLLOWER
from services.chassis.data.database import Database
from services.chassis.following import following
from services.chassis.following.followers import Source
from services.chassis.following.following import FeedRunner
from services.chassis.ground import clock
from tests.journeys.stories import Act, Cast, Headers, Made, Story
from tests.support.callers import OTHER_INSTITUTION, call_as

CANARY = "Kanarkówna"
PESEL = "23222899984"
TELEPHONE = "+48 611 222 777"
REMARK = "Babcia mówi, że nie lubi hałasu"
SECRETS = (CANARY, PESEL, TELEPHONE, REMARK, "2023-02-28")
CHILD: Made = {
    "county_terc": "2469",
    "given_name": "Zofia",
    "family_name": CANARY,
    "born_on": "2023-02-28",
    "sex": "female",
    "pesel": PESEL,
    "telephone": TELEPHONE,
}
PARENT: Made = {"county_terc": "2469", "given_name": "Anna", "family_name": CANARY, "born_on": "1990-05-05"}

COORDINATOR = call_as("county_coordinator", subject="koordynatorka-powiatu")
NEIGHBOUR = call_as("county_coordinator", subject="sasiad", counties=["2401"], institution=OTHER_INSTITUTION)
SCREENER = call_as("screener", subject="opiekunka-zlobka")
MANAGER = call_as("programme_manager", subject="kierowniczka-programu", counties=[], institution=None)
THERAPIST = call_as("specialist", subject="logopedka", counties=[])
STRANGER = call_as("specialist", subject="obca-logopedka", counties=[])
MOTHER = call_as("guardian", subject="mama", counties=[], institution=None)
AUDITOR = call_as("auditor", institution=None)
OTHER_MOTHER = call_as("guardian", subject="inna-mama", counties=[], institution=None)


def _by_coordinator(permission: str, hidden: str | None = None) -> Cast:
    return Cast(permission, COORDINATOR, SCREENER, NEIGHBOUR, hidden=hidden)


def _by_team(permission: str, hidden: str) -> Cast:
    return Cast(permission, THERAPIST, MANAGER, STRANGER, hidden=hidden)


PEOPLE = _by_coordinator("people:edit")
BIRTHS = _by_coordinator("people:edit", "person-not-found")
FAMILIES = _by_coordinator("guardianships:edit", "person-not-found")
CODES = _by_coordinator("accounts:issue-codes", "person-not-found")
CONSENTS = _by_coordinator("consents:record", "person-not-found")
INTAKES = _by_coordinator("referrals:handle", "referral-not-found")
NEW_CASES = _by_coordinator("cases:open", "person-not-found")
CASES, TEAMS = _by_coordinator("cases:move", "case-not-found"), _by_coordinator("teams:edit", "case-not-found")
NEW_ASSESSMENTS = _by_team("assessments:edit", "case-not-found")
ASSESSMENTS = _by_team("assessments:edit", "assessment-not-found")
NEW_PLANS, PLANS = _by_coordinator("plans:edit", "case-not-found"), _by_coordinator("plans:edit", "plan-not-found")
BY_TEAM = _by_team("plans:approve", "plan-not-found")
BY_FAMILY = Cast("plans:approve", MOTHER, MANAGER, OTHER_MOTHER, hidden="plan-not-found")
ACTIVATIONS = Cast("plans:activate", COORDINATOR, THERAPIST, NEIGHBOUR, hidden="plan-not-found")
REFERRALS = Cast("referrals:send", COORDINATOR, THERAPIST, NEIGHBOUR, hidden="case-not-found")
REVIEWS = _by_team("reviews:record", "plan-not-found")
REPORTS = Cast("monitoring-reports:write", COORDINATOR, MANAGER, NEIGHBOUR)
DRAFTS = replace(REPORTS, hidden="monitoring-report-not-found")
DECISIONS = Cast("monitoring-reports:decide", MANAGER, COORDINATOR, None)


def today() -> str:
    """The day on which the story is told."""
    return clock.today().isoformat()


def provider(institution: str, subject: str = "osrodek") -> Headers:
    """Who works for an institution that supports children."""
    return call_as("service_provider", subject=subject, institution=institution)


@dataclass(kw_only=True)
class SupportStory(Story):
    """A story of casework. A refusal must leave the feed, and what is watched of the same thing, as they are."""

    service: ClassVar[str] = "casework"
    reader: ClassVar[Headers] = call_as(
        scope="casework:write events:read", subject="patrzy", counties=["*"], institution=None
    )
    # Only within the same process.
    database: Database | None = None
    feed: Source | None = None

    async def shown(self, act: Act) -> list[Any]:
        """The feed, which tells of every change, and whatever is watched of what the act is about."""
        about = "/".join(act.path.split("/")[:3])
        parts = [path for path in self.watched if path.startswith(about)]
        return [await self.read(path) for path in ("/events?limit=1000", *parts)]

    async def twice(self, act: Act, cast: Cast, state: str) -> None:
        """What was done is not done again: the refusal names the state it led to."""
        assert (await self.too_early(act, cast, "state-conflict"))["state"] == state

    async def lacking(self, act: Act, cast: Cast, slug: str, status: int = 409) -> list[str]:
        """What is missing for it."""
        missing: list[str] = (await self.too_early(act, cast, slug, status))["missing"]
        return missing

    async def follow_screening(self, patch: pytest.MonkeyPatch) -> None:
        """Carry out what screening has told."""
        assert self.database
        assert self.feed
        patch.setattr(following, "SECONDS_TO_WAIT", 0)
        await FeedRunner(self.database, FOLLOWER, self.feed).pull()

    async def give_places_back(self) -> None:
        """Pay what is owed to the registry."""
        assert self.database
        await give_places_back(self.database)
