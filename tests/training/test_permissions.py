"""Every endpoint of training × every role and scope × own county, another, a relation to it, and anonymous."""

from types import ModuleType

import httpx
import pytest

from tests.support.matrix import Matrix
from tests.training.advisory_contacts import asks as advisory_contacts
from tests.training.advisory_visits import asks as advisory_visits
from tests.training.attendances import asks as attendances
from tests.training.authorities import asks as authorities
from tests.training.authority_transitions import asks as authority_transitions
from tests.training.budgets import asks as budgets
from tests.training.calendars import asks as calendars
from tests.training.certificate_disclosures import asks as certificate_disclosures
from tests.training.certificate_documents import asks as certificate_documents
from tests.training.certificate_readiness import asks as certificate_readiness
from tests.training.certificates import asks as certificates
from tests.training.check_ins import asks as check_ins
from tests.training.concept_reviews import asks as concept_reviews
from tests.training.conference_attendances import asks as conference_attendances
from tests.training.conference_registrations import asks as conference_registrations
from tests.training.conference_retention_rules import asks as conference_retention_rules
from tests.training.conference_retention_runs import asks as conference_retention_runs
from tests.training.conferences import asks as conferences
from tests.training.consultation_events import asks as consultation_events
from tests.training.credentials import asks as credentials
from tests.training.diagnoses import asks as diagnoses
from tests.training.enrolment_imports import asks as enrolment_imports
from tests.training.enrolments import asks as enrolments
from tests.training.focus_groups import asks as focus_groups
from tests.training.good_practices import asks as good_practices
from tests.training.group_validators import asks as group_validators
from tests.training.groups import asks as groups
from tests.training.hour_totals import asks as hour_totals
from tests.training.indicators import asks as indicators
from tests.training.materials import asks as materials
from tests.training.outreach_metrics import asks as outreach_metrics
from tests.training.partners import asks as partners
from tests.training.programme_agreements import asks as programme_agreements
from tests.training.programme_versions import asks as programme_versions
from tests.training.programmes import asks as programmes
from tests.training.rooms import asks as rooms
from tests.training.sessions import asks as sessions
from tests.training.strategic_plans import asks as strategic_plans
from tests.training.survey_answers import asks as survey_answers
from tests.training.surveys import asks as surveys
from tests.training.task_teams import asks as task_teams
from tests.training.trainee_imports import asks as trainee_imports
from tests.training.trainees import asks as trainees
from tests.training.trainers import asks as trainers
from tests.training.validation_batches import asks as validation_batches
from tests.training.validations import asks as validations
from tests.training.verifications import asks as verifications
from tests.training.version_comparisons import asks as version_comparisons

SLICES: tuple[ModuleType, ...] = (
    authority_transitions,
    check_ins,
    advisory_visits,
    good_practices,
    conferences,
    conference_registrations,
    conference_attendances,
    conference_retention_rules,
    conference_retention_runs,
    surveys,
    survey_answers,
    focus_groups,
    authorities,
    task_teams,
    diagnoses,
    consultation_events,
    strategic_plans,
    budgets,
    indicators,
    concept_reviews,
    materials,
    partners,
    programme_agreements,
    programme_versions,
    programmes,
    version_comparisons,
    trainers,
    rooms,
    trainees,
    trainee_imports,
    enrolment_imports,
    groups,
    enrolments,
    advisory_contacts,
    attendances,
    calendars,
    hour_totals,
    outreach_metrics,
    sessions,
    group_validators,
    validations,
    validation_batches,
    certificate_readiness,
    certificates,
    certificate_disclosures,
    certificate_documents,
    credentials,
    verifications,
)
"""Each has ASKS, and `prepare` when its requests are about more than the id of an institution."""

MATRIX = Matrix("training", SLICES, public=credentials.PUBLIC | verifications.PUBLIC | {"read_session_calendar"})


def test_every_endpoint_has_a_request_here() -> None:
    assert {*MATRIX.requests} == {*MATRIX.endpoints}


@pytest.mark.parametrize("part", MATRIX.parts)
async def test_everybody_may_do_what_the_rules_say_and_nothing_else(training: httpx.AsyncClient, part: str) -> None:
    assert await MATRIX.contradictions(training, part) == {}
