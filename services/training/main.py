"""Training, running."""

from types import ModuleType

from services.chassis.app import create_app
from services.chassis.background.jobs import Job
from services.chassis.background.rounds import Round
from services.training.advisory_contacts import endpoints as advisory_contacts
from services.training.attendances import endpoints as attendances
from services.training.calendars import endpoints as calendars
from services.training.events import EVENTS
from services.training.hour_totals import endpoints as hour_totals
from services.training.hours import endpoints as hours
from services.training.outreach_metrics import endpoints as outreach_metrics
from services.training.permissions import GRANTS, Permission
from services.training.sessions import endpoints as sessions
from services.training.settings import TrainingSettings

SLICES: tuple[ModuleType, ...] = (
    advisory_contacts,
    attendances,
    calendars,
    hour_totals,
    hours,
    outreach_metrics,
    sessions,
)
JOBS: list[Job | Round] = []

app = create_app(
    "training",
    routers=[slice_.router for slice_ in SLICES],
    grants=GRANTS,
    events=EVENTS,
    operate_jobs=Permission.OPERATE_JOBS,
    read_audit=Permission.READ_AUDIT,
    jobs=JOBS,
    settings=TrainingSettings,
)
