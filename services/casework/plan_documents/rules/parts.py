"""Pieces of which the sections of a document are made. Pure."""

from services.casework.paper.rules.words import Say
from services.casework.plan_documents.rules import words
from services.casework.plan_documents.rules.documents import Step
from services.chassis.typesetting.letters import TARGET, Tree
from services.chassis.typesetting.spoken import NBSP, day_of_week, hour

FEWEST_DIGITS, MOST_DIGITS = 3, 15
"""Of a telephone number that can be called by pressing on it (E.164)."""
DIGITS = "0123456789"


def strong(part: Tree) -> Tree:
    """What is to catch the eye."""
    return {"strong": part} if part else None


def telephone(number: str, say: Say) -> Tree:
    """A number as something to press on, where it is one; None without a number."""
    number = number.strip()
    written = f"{say(words.TELEPHONE)}{NBSP}{number.replace(' ', NBSP)}"
    digits = "".join(letter for letter in number if letter in DIGITS)
    # With words in it, a number is printed and no link: pressed, it might call another.
    is_plain = not set(number) - set(f"{DIGITS} +-()")
    if is_plain and FEWEST_DIGITS <= len(digits) <= MOST_DIGITS:
        return {
            "text": written,
            # Of signs only a plus at the beginning is kept: `tel:` knows no others.
            TARGET: f"tel:{number[:1].strip(DIGITS + ' -()')}{digits}",
        }
    return written if number else None


def lines(*all_lines: Tree) -> list[Tree]:
    """What stands line under line, without what is empty."""
    return [line for line in all_lines if line]


def when(step: Step, say: Say) -> str:
    """The day of a step with its weekday, and the hour where there is one."""
    on = day_of_week(step.on, say.language)
    return f"{on}, {hour(step.at, say.language)}" if step.at else on
