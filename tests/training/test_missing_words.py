"""Whatever a refusal of training names as missing has words."""

from services.training.authorities.rules import RecruitmentNeed
from services.training.authority_transitions.rules import StepNeed
from services.training.diagnoses.rules.content import Section
from services.training.enrolments.rules import Need as NeedOfPerson
from services.training.good_practices.rules import TEMPLATE, missing_fields
from services.training.group_transitions.rules import Need as NeedOfGroup
from services.training.missing import MISSING
from services.training.partners.rules import Candidate, missing_to_accept
from services.training.programme_agreements.rules import Consultation
from services.training.programme_versions.rules.states import Side
from services.training.sessions.rules import MakeUpNeed
from services.training.strategic_plans.rules.content import PlanNeed
from services.training.task_teams.rules import TeamNeed
from tests.support.missing_words import Codes, assert_all_named

NOBODY = Candidate(*[False] * len(Candidate._fields))
CODES: Codes = {
    # Ids of people, who stand in the list of the session.
    "attendances/actions.py": [],
    "authorities/actions.py": [*RecruitmentNeed],
    "authority_transitions/actions.py": [*StepNeed, *TeamNeed],
    "concept_reviews/actions.py": ["acceptance"],
    "diagnoses/actions.py": [*Section],
    "enrolment_transitions/actions.py": ["reason"],
    "enrolments/actions.py": [*NeedOfPerson],
    "good_practices/actions.py": missing_fields({}),
    "group_transitions/actions.py": [*NeedOfGroup],
    "groups/actions.py": ["agreed_version"],
    "partners/actions.py": missing_to_accept(NOBODY, 0),
    "programme_agreements/actions.py": [*Consultation, *Side],
    # Pointers to places in the version.
    "programme_versions/actions.py": [],
    "sessions/actions.py": [*MakeUpNeed],
    "strategic_plans/actions.py": [*PlanNeed],
}


def test_whatever_is_missing_is_named_in_words() -> None:
    assert_all_named("training", CODES)


def test_fields_of_a_good_practice_are_named_as_in_the_form() -> None:
    for field in TEMPLATE:
        if field.is_required:
            assert MISSING[field.code] == (f"“{field.label_en}”", f"„{field.label_pl}”")
