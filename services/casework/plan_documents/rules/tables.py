"""The tables of a document: recommendations, steps, team, reviews, approvals. Pure."""

from collections.abc import Sequence

from services.casework.paper.rules.words import Say, Words, user_text
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
    """A table: its heading, the text for an empty table, the names of its columns, and
    its rows.
    """
    heading, empty, *columns = texts
    return {
        "heading": say(heading),
        # A text, because an empty table looks like a printing error.
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
                # As text as well: people who listen to the page perceive neither order
                # nor colour.
                None if step in ahead else say(words.PAST),
            ),
            lines(user_text(step.text)),
            lines(user_text(step.where)),
            lines(user_text(step.who), telephone(step.telephone, say)),
        ]
        # Future steps first; then past steps, the latest first.
        for step in [*ahead, *document.past_steps()]
    ]
    team: list[Tree] = [
        [
            lines(user_text(member.name)),
            lines(user_text(member.role)),
            lines(user_text(member.institution), say(words.SECTORS[member.sector])),
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
        lines(
            user_text(row.text), hours_a_month(hours, say.language) if hours else None
        ),
        lines(user_text(row.institution), say(words.SECTORS[row.sector])),
        lines(due),
        lines(
            strong(say(words.RECOMMENDATION_STATES[row.state])), user_text(row.effect)
        ),
    ]


def _reviews(document: PlanDocument, say: Say) -> list[Tree]:
    return [
        [
            [day(review.on, say.language)],
            [user_text(review.findings) or say(words.PLANNED)],
        ]
        for review in sorted(document.reviews, key=lambda review: review.on)
    ]


def _approvals(document: PlanDocument, say: Say) -> list[Tree]:
    return [
        [
            lines(user_text(approval.by)),
            lines(user_text(approval.role)),
            [day(approval.on, say.language)],
        ]
        for approval in document.approvals
    ]
