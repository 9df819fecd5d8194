"""The tables of a document: recommendations, steps, team, reviews, approvals. Pure."""

from collections.abc import Sequence

from services.casework.paper.rules.words import Say, Words, given
from services.casework.plan_documents.rules import words
from services.casework.plan_documents.rules.documents import (
    PlanDocument,
    Recommendation,
)
from services.casework.plan_documents.rules.parts import (
    lines,
    strong,
    telephone,
    when,
)
from services.chassis.typesetting.letters import Tree
from services.chassis.typesetting.spoken import day, hours_a_month


def table(say: Say, texts: Sequence[Words], rows: Sequence[Tree]) -> dict[str, Tree]:
    """A table with its heading, what stands there without rows,
    and the names of its columns.
    """
    heading, empty, *columns = texts
    return {
        "heading": say(heading),
        # Said in words: an empty table looks like a mistake in printing.
        "empty": say(empty),
        "columns": [say(column) for column in columns],
        "rows": rows,
    }


def tables(document: PlanDocument, say: Say) -> Tree:
    recommended = [_recommendation(row, say) for row in document.recommendations]
    ahead = document.next_steps()
    steps: list[Tree] = [
        [
            lines(
                strong(when(step, say)),
                # In words as well: whoever hears the page hears no order and no colour.
                None if step in ahead else say(words.PAST),
            ),
            lines(given(step.text)),
            lines(given(step.where)),
            lines(given(step.who), telephone(step.telephone, say)),
        ]
        # What is to come stands first; of the past the latest is nearest.
        for step in [*ahead, *document.past_steps()]
    ]
    team: list[Tree] = [
        [
            lines(given(member.name)),
            lines(given(member.role)),
            lines(given(member.institution), say(words.SECTORS[member.sector])),
        ]
        for member in document.team
    ]
    return {
        "recommendations": table(say, words.RECOMMENDATION_TABLE, recommended),
        "steps": table(say, words.STEP_TABLE, steps),
        "team": table(say, words.TEAM_TABLE, team),
        "reviews": table(say, words.REVIEW_TABLE, _reviews(document, say)),
        "approvals": table(say, words.APPROVAL_TABLE, _approvals(document, say)),
    }


def _recommendation(row: Recommendation, say: Say) -> Tree:
    hours = row.hours_a_month
    due = day(row.due_on, say.language) if row.due_on else say(words.NO_DUE_DAY)
    return [
        lines(given(row.text), hours_a_month(hours, say.language) if hours else None),
        lines(given(row.institution), say(words.SECTORS[row.sector])),
        lines(due),
        lines(strong(say(words.RECOMMENDATION_STATES[row.state])), given(row.effect)),
    ]


def _reviews(document: PlanDocument, say: Say) -> list[Tree]:
    return [
        [[day(review.on, say.language)], [given(review.findings) or say(words.PLANNED)]]
        for review in sorted(document.reviews, key=lambda review: review.on)
    ]


def _approvals(document: PlanDocument, say: Say) -> list[Tree]:
    return [
        [
            lines(given(approval.by)),
            lines(given(approval.role)),
            [day(approval.on, say.language)],
        ]
        for approval in document.approvals
    ]
