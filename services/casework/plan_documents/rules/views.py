"""The document of a plan in one language, prepared for typesetting.

Pure.
"""

from services.casework.paper.rules.pages import note, page_view
from services.casework.paper.rules.words import Say, user_text
from services.casework.plan_documents.rules import words
from services.casework.plan_documents.rules.documents import AGREED, Goal, PlanDocument
from services.casework.plan_documents.rules.parts import (
    lines,
    strong,
    telephone,
    when,
)
from services.casework.plan_documents.rules.progress import latest_level, progress
from services.casework.plan_documents.rules.tables import tables
from services.chassis.ground.problems import Language
from services.chassis.typesetting.letters import (
    GIVEN,
    LINE_ENDS,
    TARGET,
    Letters,
    Tree,
)
from services.chassis.typesetting.spoken import NBSP, day, day_of_week

# More would not fit in a font size that can be read from across a kitchen.
MOST_ON_THE_FRIDGE = 4
LETTERS_OF_A_LINE = 80
LONGEST_UNPARTED = 900
"""The number of characters of a goal that certainly fit on one page, with its chart."""


def plan_view(document: PlanDocument, language: Language, letters: Letters) -> Tree:
    """The data for the template, with the characters that the font has."""
    content = _view(document, Say(language))
    return page_view(content, language, document.written_in, letters)


def _view(document: PlanDocument, say: Say) -> dict[str, Tree]:
    as_of, plan = document.as_of, say(words.PLAN)
    # An expected child may have no initials yet.
    initials = f" ({document.child_initials})" if document.child_initials else ""
    child = f"{document.child_first_name}{initials}"
    return {
        "created": [as_of.year, as_of.month, as_of.day],
        "title": f"{plan} – {child}, {_version(document, say)}",
        "heading": [f"{plan} – ", user_text(child)],
        "version": _version(document, say),
        "lead": _lead(document, say),
        "in_short": _in_short(document, say),
        "goals": _goals(document, say),
        "tables": tables(document, say),
        "online": _online(document, say),
        "note": note(say, words.REPLACED),
        "fridge": _fridge(document, say),
    }


def _version(document: PlanDocument, say: Say) -> str:
    number = f"{say(words.NUMBER)}{NBSP}{document.number}"
    return f"{number}, {say(words.VERSION)}{NBSP}{document.version}"


def _lead(document: PlanDocument, say: Say) -> Tree:
    since, until = document.valid_from, document.valid_to
    days = [f"{say(words.VALID_FROM)} {day(since, say.language)}"] if since else []
    days += [f"{say(words.VALID_TO)} {day(until, say.language)}"] if until else []
    as_of = f"{say(words.AS_OF)} {day(document.as_of, say.language)}"
    return {
        "version": [
            {GIVEN: document.county},
            f", {_version(document, say)}, {as_of}",
        ],
        "state": say(words.STATES[document.state]),
        "validity": f"{say(words.VALIDITY)}: {' '.join(days)}" if days else None,
        "private": say(words.PRIVATE),
    }


def _in_short(document: PlanDocument, say: Say) -> Tree:
    ahead = document.next_steps()
    steps = [
        lines(strong(when(step, say)), user_text(step.text), user_text(step.where))
        for step in ahead[:1]
    ]
    to_come = [review.on for review in document.reviews if not review.findings]
    checked = [[strong(day_of_week(on, say.language))] for on in sorted(to_come)[:1]]
    who = document.coordinator
    call = lines(
        strong(user_text(who.name)),
        telephone(who.telephone, say),
        user_text(who.role),
        user_text(who.institution),
    )
    return {
        "heading": say(words.IN_SHORT),
        "cards": [
            {
                "heading": say(words.NEXT_STEP),
                "lines": steps[0] if steps else [say(words.NO_NEXT_STEP)],
            },
            {"heading": say(words.WHOM_TO_CALL), "lines": call},
            {
                "heading": say(words.NEXT_REVIEW),
                "lines": checked[0] if checked else [say(words.NO_REVIEW)],
            },
        ],
        "goals_heading": say(words.GOALS_IN_SHORT),
        "goals": [
            lines(
                user_text(goal.text),
                strong(latest_level(goal.attainments, say.language)),
            )
            for goal in document.goals
        ],
    }


def _goals(document: PlanDocument, say: Say) -> Tree:
    return {
        "heading": say(words.GOALS),
        "empty": say(words.NO_GOALS),
        "goals": [
            {
                "heading": [
                    f"{say(words.GOAL)}{NBSP}{place}. ",
                    {GIVEN: goal.text},
                ],
                "subject": say(words.SUBJECTS[goal.subject]),
                "facts": [
                    {"label": say(words.BASELINE), GIVEN: goal.baseline},
                    {"label": say(words.TARGET), GIVEN: goal.target},
                    {"label": say(words.INDICATOR), GIVEN: goal.indicator},
                ],
                "progress": progress(goal.attainments, say.language),
                "not_rated": say(words.NOT_RATED),
                "is_long": _is_long(goal),
            }
            for place, goal in enumerate(document.goals, start=1)
        ],
    }


def _is_long(goal: Goal) -> bool:
    """Whether a goal might not fit on one page. If it is too long and kept together, it
    runs off the page.
    """
    text = f"{goal.text}{goal.indicator}{goal.baseline}{goal.target}"
    line_break_letters = len(LINE_ENDS.findall(text)) * LETTERS_OF_A_LINE
    return len(text) + line_break_letters > LONGEST_UNPARTED


def _online(document: PlanDocument, say: Say) -> Tree:
    if document.link is None:
        return None
    return {
        "heading": say(words.ONLINE),
        "text": say(words.SCAN),
        "alt": say(words.QR_CODE),
        # Also as text beside the code: not everybody can scan it.
        "address": {"text": document.link, TARGET: document.link},
    }


def _fridge(document: PlanDocument, say: Say) -> Tree:
    ahead = document.next_steps()
    coordinator = document.coordinator
    next_steps = ahead[:MOST_ON_THE_FRIDGE]
    return {
        "heading": say(words.FOR_THE_FRIDGE),
        # A draft on the fridge would be mistaken for an agreed plan.
        "warning": None
        if document.state in AGREED
        else say(words.STATES[document.state]),
        "empty": say(words.NO_NEXT_STEP),
        "steps": [
            {
                "when": when(step, say),
                "what": {GIVEN: step.text},
                "lines": lines(
                    user_text(step.where),
                    user_text(step.who),
                    telephone(step.telephone, say),
                ),
            }
            for step in next_steps
        ],
        "more": say(words.MORE_STEPS) if len(ahead) > len(next_steps) else None,
        "questions": say(words.QUESTIONS),
        # Repeated on this page, because it hangs alone.
        "call": lines(
            user_text(coordinator.name), telephone(coordinator.telephone, say)
        ),
    }
