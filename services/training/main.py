"""Training, running."""

from types import ModuleType

from services.chassis.app import create_app
from services.chassis.background.jobs import Job
from services.chassis.background.rounds import Round
from services.training.concept_reviews import endpoints as concept_reviews
from services.training.events import EVENTS
from services.training.materials import endpoints as materials
from services.training.partners import endpoints as partners
from services.training.permissions import GRANTS, Permission
from services.training.programme_agreements import endpoints as programme_agreements
from services.training.programme_versions import endpoints as programme_versions
from services.training.programmes import endpoints as programmes
from services.training.settings import TrainingSettings
from services.training.version_comparisons import endpoints as version_comparisons

SLICES: tuple[ModuleType, ...] = (
    programmes,
    programme_versions,
    version_comparisons,
    partners,
    concept_reviews,
    programme_agreements,
    materials,
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
