"""Building blocks of the sections of a document. Pure."""

from services.casework.paper.rules.words import Say
from services.casework.plan_documents.rules import words
from services.casework.plan_documents.rules.documents import Step
from services.chassis.typesetting.letters import TARGET, Tree
from services.chassis.typesetting.spoken import NBSP, day_of_week, hour

FEWEST_DIGITS, MOST_DIGITS = 3, 15
"""Bounds of a telephone number that becomes a link (E.164)."""
DIGITS = "0123456789"


def strong(part: Tree) -> Tree:
    """A part in bold."""
    return {"strong": part} if part else None


def telephone(number: str, say: Say) -> Tree:
    """A telephone number, as a `tel:` link where it is plain; None without a number."""
    number = number.strip()
    printed = f"{say(words.TELEPHONE)}{NBSP}{number.replace(' ', NBSP)}"
    digits = "".join(letter for letter in number if letter in DIGITS)
    # A number with words in it is printed without a link,
    # which might call a wrong number.
    is_plain = not set(number) - set(f"{DIGITS} +-()")
    if is_plain and FEWEST_DIGITS <= len(digits) <= MOST_DIGITS:
        return {
            "text": printed,
            # Only a plus at the beginning is kept: `tel:` allows no other signs here.
            TARGET: f"tel:{number[:1].strip(DIGITS + ' -()')}{digits}",
        }
    return printed if number else None


def lines(*all_lines: Tree) -> list[Tree]:
    """The lines that are not empty."""
    return [line for line in all_lines if line]


def when(step: Step, say: Say) -> str:
    """The day of a step with its weekday, and the hour where there is one."""
    on = day_of_week(step.on, say.language)
    return f"{on}, {hour(step.at, say.language)}" if step.at else on
