"""The permission that a follower of the event feed needs to see an event.

By the prefix of the event's type; the longest matching prefix decides.
"""

from services.chassis.serving.feed_cursors import Feed
from services.training.permissions import Permission

P = Permission

EVENTS = Feed(
    P.READ_EVENTS,
    {
        # For types without an entry: a forgotten one is hidden from most followers.
        "training.": P.READ_ENROLMENTS,
        # Without a dot at the end, so that versions of programmes are included.
        "training.programme": None,
        "training.partner.": None,
        "training.concept-review.": P.READ_CONCEPT_REVIEWS,
        "training.material.": None,
        "training.group.": None,
        "training.session.": None,
        "training.conference.": None,
        "training.conference-registration.": P.READ_REGISTRATIONS,
        "training.conference-retention-rule.": P.RETAIN,
        "training.conference-retention-run.": P.RETAIN,
        "training.survey.": None,
        "training.focus-group.": None,
        "training.good-practice.": None,
        "training.authority.": None,
        # Sums and targets are public, as the answers about them are.
        "training.indicator.": None,
        "training.hour-total.": None,
        "training.outreach-metric.": None,
        "training.trainer.": P.READ_TRAINERS,
        "training.budget.": P.READ_BUDGETS,
        "training.trainee.": P.READ_TRAINEES,
        "training.attendance.": P.READ_ATTENDANCE,
        "training.validation.": P.READ_VALIDATIONS,
        "training.group-validator.": P.READ_VALIDATIONS,
        "training.certificate.": P.READ_CERTIFICATES,
        "training.enrolment.": P.READ_ENROLMENTS,
        "training.advisory-contact.": P.READ_ADVISORY_CONTACTS,
        "training.task-team.": P.READ_AUTHORITY_WORK,
        "training.diagnosis.": P.READ_AUTHORITY_WORK,
        "training.strategic-plan.": P.READ_AUTHORITY_WORK,
        "training.consultation-event.": P.READ_AUTHORITY_WORK,
        "training.advisory-visit.": P.READ_AUTHORITY_WORK,
        "training.check-in.": P.READ_AUTHORITY_WORK,
    },
)
"""Events of programmes, groups and their dates are public.

Events of one trainee need the right to read the county's records of that kind.
"""
