"""The application of the training service."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import ModuleType

from services.chassis.app import create_app
from services.chassis.background.jobs import Job
from services.chassis.background.rounds import Round
from services.training.accounts import endpoints as accounts
from services.training.advisory_contacts import endpoints as advisory_contacts
from services.training.advisory_visits import endpoints as advisory_visits
from services.training.attendance_shares import endpoints as attendance_shares
from services.training.attendances import endpoints as attendances
from services.training.authorities import endpoints as authorities
from services.training.authority_transitions import endpoints as authority_transitions
from services.training.budgets import endpoints as budgets
from services.training.calendars import endpoints as calendars
from services.training.certificate_disclosures import (
    endpoints as certificate_disclosures,
)
from services.training.certificate_documents import endpoints as certificate_documents
from services.training.certificate_documents.drawing import DRAWING as CERTIFICATES
from services.training.certificate_readiness import endpoints as certificate_readiness
from services.training.certificates import endpoints as certificates
from services.training.certificates.actions import ISSUING
from services.training.check_ins import endpoints as check_ins
from services.training.check_ins.statements import OVERDUE
from services.training.compositions import endpoints as compositions
from services.training.concept_reviews import endpoints as concept_reviews
from services.training.conference_attendances import (
    endpoints as conference_attendances,
)
from services.training.conference_registrations import (
    endpoints as conference_registrations,
)
from services.training.conference_retention_rules import (
    endpoints as conference_retention_rules,
)
from services.training.conference_retention_runs import (
    endpoints as conference_retention_runs,
)
from services.training.conferences import endpoints as conferences
from services.training.consultation_events import endpoints as consultation_events
from services.training.credential_keys import read_keys
from services.training.credentials import endpoints as credentials
from services.training.diagnoses import endpoints as diagnoses
from services.training.enrolment_imports import endpoints as enrolment_imports
from services.training.enrolment_imports.actions import ENROLMENTS_FILE
from services.training.enrolment_transitions import endpoints as enrolment_transitions
from services.training.enrolments import endpoints as enrolments
from services.training.events import EVENTS
from services.training.experts import endpoints as experts
from services.training.focus_groups import endpoints as focus_groups
from services.training.good_practices import endpoints as good_practices
from services.training.group_transitions import endpoints as group_transitions
from services.training.group_validators import endpoints as group_validators
from services.training.groups import endpoints as groups
from services.training.headings import HEADINGS
from services.training.hour_totals import endpoints as hour_totals
from services.training.hours import endpoints as hours
from services.training.indicators import endpoints as indicators
from services.training.indicators.drawing import DRAWING as PICTURES
from services.training.materials import endpoints as materials
from services.training.outreach_metrics import endpoints as outreach_metrics
from services.training.partners import endpoints as partners
from services.training.peers import connected
from services.training.permissions import GRANTS, Permission
from services.training.programme_agreements import endpoints as programme_agreements
from services.training.programme_versions import endpoints as programme_versions
from services.training.programmes import endpoints as programmes
from services.training.rooms import endpoints as rooms
from services.training.session_transitions import endpoints as session_transitions
from services.training.sessions import endpoints as sessions
from services.training.settings import TrainingSettings
from services.training.strategic_plans import endpoints as strategic_plans
from services.training.survey_answers import endpoints as survey_answers
from services.training.surveys import endpoints as surveys
from services.training.task_teams import endpoints as task_teams
from services.training.trainee_erasures import endpoints as trainee_erasures
from services.training.trainee_imports import endpoints as trainee_imports
from services.training.trainee_imports.actions import TRAINEES_FILE
from services.training.trainees import endpoints as trainees
from services.training.trainer_availabilities import endpoints as trainer_availabilities
from services.training.trainers import endpoints as trainers
from services.training.validation_batches import endpoints as validation_batches
from services.training.validations import endpoints as validations
from services.training.verifications import endpoints as verifications
from services.training.version_comparisons import endpoints as version_comparisons

SLICES: tuple[ModuleType, ...] = (
    programmes,
    programme_versions,
    version_comparisons,
    partners,
    concept_reviews,
    programme_agreements,
    materials,
    advisory_contacts,
    attendances,
    attendance_shares,
    calendars,
    hour_totals,
    hours,
    outreach_metrics,
    sessions,
    session_transitions,
    trainers,
    trainer_availabilities,
    experts,
    rooms,
    trainees,
    trainee_imports,
    trainee_erasures,
    accounts,
    groups,
    group_transitions,
    enrolments,
    enrolment_imports,
    enrolment_transitions,
    compositions,
    authorities,
    task_teams,
    diagnoses,
    consultation_events,
    strategic_plans,
    advisory_visits,
    check_ins,
    authority_transitions,
    good_practices,
    conferences,
    conference_registrations,
    conference_attendances,
    conference_retention_rules,
    conference_retention_runs,
    surveys,
    survey_answers,
    focus_groups,
    group_validators,
    validations,
    validation_batches,
    certificate_readiness,
    certificates,
    certificate_disclosures,
    certificate_documents,
    credentials,
    verifications,
    budgets,
    indicators,
)
JOBS: list[Job | Round] = [ISSUING, TRAINEES_FILE.job(), ENROLMENTS_FILE.job()]


@asynccontextmanager
async def _running(settings: TrainingSettings) -> AsyncIterator[None]:
    """Check the keys, connect to the registry, and at the end stop drawing."""
    if settings.credential_keys_file is not None:
        # Read for the error alone, so that wrong keys stop the start of the service.
        read_keys(settings.credential_keys_file)
    async with connected(settings):
        try:
            yield
        finally:
            # Separate processes, which would outlive the service.
            for drawing in (CERTIFICATES, PICTURES):
                await drawing.stop()


app = create_app(
    "training",
    routers=[slice_.router for slice_ in SLICES],
    grants=GRANTS,
    events=EVENTS,
    operate_jobs=Permission.OPERATE_JOBS,
    read_audit=Permission.READ_AUDIT,
    jobs=[*JOBS, OVERDUE],
    headings=HEADINGS,
    settings=TrainingSettings,
    connected=_running,
)
