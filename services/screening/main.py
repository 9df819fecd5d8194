"""The application of screening."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import ModuleType

from services.chassis.app import create_app
from services.chassis.background.jobs import Job
from services.chassis.background.rounds import Round
from services.screening.campaign_coverage import endpoints as campaign_coverage
from services.screening.campaign_institutions import endpoints as campaign_institutions
from services.screening.campaign_releases import endpoints as campaign_releases
from services.screening.campaign_releases.actions import (
    RELEASING,
    ask_for_due_releases,
)
from services.screening.campaign_releases.statements import DUE
from services.screening.campaign_selections import endpoints as campaign_selections
from services.screening.campaign_targets import endpoints as campaign_targets
from services.screening.campaigns import endpoints as campaigns
from services.screening.charts import stop_drawing
from services.screening.events import EVENTS
from services.screening.fhir import endpoints as fhir
from services.screening.fhir_questionnaires import endpoints as fhir_questionnaires
from services.screening.headings import HEADINGS
from services.screening.instrument_packages import endpoints as instrument_packages
from services.screening.instruments import endpoints as instruments
from services.screening.norm_sets import endpoints as norm_sets
from services.screening.peers import connected
from services.screening.permissions import GRANTS, Permission
from services.screening.protocols import endpoints as protocols
from services.screening.rescorings import endpoints as rescorings
from services.screening.rescorings.actions import COMPUTING as RESCORING
from services.screening.screening_batches import endpoints as screening_batches
from services.screening.screening_decisions import endpoints as screening_decisions
from services.screening.screening_documents import drawing as document_drawing
from services.screening.screening_documents import endpoints as screening_documents
from services.screening.screening_imports import endpoints as screening_imports
from services.screening.screening_imports.actions import IMPORTS
from services.screening.screening_results import endpoints as screening_results
from services.screening.screenings import endpoints as screenings
from services.screening.settings import ScreeningSettings
from services.screening.studies import endpoints as studies
from services.screening.study_criteria import endpoints as study_criteria
from services.screening.study_criteria.actions import CRITERIA
from services.screening.study_exports import endpoints as study_exports
from services.screening.study_exports.actions import EXPORTING
from services.screening.study_runs import endpoints as study_runs
from services.screening.study_runs.actions import COMPUTING

SLICES: tuple[ModuleType, ...] = (
    instruments,
    norm_sets,
    protocols,
    campaigns,
    campaign_targets,
    campaign_selections,
    campaign_releases,
    campaign_coverage,
    campaign_institutions,
    instrument_packages,
    screenings,
    screening_decisions,
    screening_results,
    screening_documents,
    screening_batches,
    screening_imports,
    rescorings,
    studies,
    study_criteria,
    study_runs,
    study_exports,
    fhir_questionnaires,
    fhir,
)
JOBS: list[Job] = [
    *[kind.job() for kind in IMPORTS.values()],
    RELEASING,
    RESCORING,
    COMPUTING,
    EXPORTING,
    CRITERIA.job(),
]
# Releases are at least an hour apart, so a delay of some minutes is harmless.
ROUNDS = [Round("ask_for_due_releases", 600.0, ask_for_due_releases)]


@asynccontextmanager
async def _running(settings: ScreeningSettings) -> AsyncIterator[None]:
    """Keep the client of the registry open while the service runs; end the drawing
    processes after it.
    """
    async with connected(settings):
        try:
            yield
        finally:
            # Otherwise the drawing processes would outlive the service.
            await stop_drawing()
            await document_drawing.stop_drawing()


app = create_app(
    "screening",
    routers=[slice_.router for slice_ in SLICES],
    grants=GRANTS,
    events=EVENTS,
    operate_jobs=Permission.OPERATE_JOBS,
    read_audit=Permission.READ_AUDIT,
    jobs=[*JOBS, *ROUNDS, DUE],
    headings=HEADINGS,
    settings=ScreeningSettings,
    connected=_running,
)
