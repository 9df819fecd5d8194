"""Training, running."""

from types import ModuleType

from services.chassis.app import create_app
from services.chassis.background.jobs import Job
from services.chassis.background.rounds import Round
from services.training.attendances import endpoints as attendances
from services.training.certificates import endpoints as certificates
from services.training.certificates.actions import ISSUING
from services.training.events import EVENTS
from services.training.group_validators import endpoints as group_validators
from services.training.permissions import GRANTS, Permission
from services.training.sessions import endpoints as sessions
from services.training.settings import TrainingSettings
from services.training.validations import endpoints as validations

SLICES: tuple[ModuleType, ...] = (
    attendances,
    sessions,
    group_validators,
    validations,
    certificates,
)
JOBS: list[Job | Round] = [ISSUING]

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
