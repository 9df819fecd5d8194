"""Days, hours and numbers as people say them in Polish and in English. Pure."""

from datetime import date, time
from decimal import Decimal

from services.chassis.ground.problems import Language

NBSP = "\N{NO-BREAK SPACE}"
# In the genitive, in which a month stands after its day: `8 grudnia`.
_MONTHS = {
    "pl": (
        *("stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca"),
        *("sierpnia", "września", "października", "listopada", "grudnia"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June", "July"),
        *("August", "September", "October", "November", "December"),
    ),
}
_WEEKDAYS = {
    "pl": (
        *("poniedziałek", "wtorek", "środa", "czwartek"),
        *("piątek", "sobota", "niedziela"),
    ),
    "en": (
        *("Monday", "Tuesday", "Wednesday", "Thursday"),
        *("Friday", "Saturday", "Sunday"),
    ),
}


def day(on: date, language: Language) -> str:
    """A date in words, never broken between the day and the month:
    `8 grudnia 2026 r.`
    """
    month = _MONTHS[language][on.month - 1]
    year = f"{on.year}{NBSP}r." if language == "pl" else f"{on.year}"
    return f"{on.day}{NBSP}{month} {year}"


def day_of_week(on: date, language: Language) -> str:
    """A date with its weekday, to begin a line: `Wtorek, 8 grudnia 2026 r.`"""
    weekday = _WEEKDAYS[language][on.weekday()].capitalize()
    comma = ", " if language == "pl" else " "
    return f"{weekday}{comma}{day(on, language)}"


def short_day(on: date, language: Language) -> str:
    """A date for narrow places: `8.12.2026` and `8 Dec 2026`."""
    if language == "pl":
        return f"{on.day}.{on.month:02}.{on.year}"
    return f"{on.day}{NBSP}{_MONTHS['en'][on.month - 1][:3]}{NBSP}{on.year}"


def hour(at: time, language: Language) -> str:
    """An hour of the day: `godz. 15.30` and `at 15:30`."""
    if language == "pl":
        return f"godz.{NBSP}{at.hour}.{at.minute:02}"
    return f"at{NBSP}{at.hour}:{at.minute:02}"


def duration(minutes: int, language: Language) -> str:
    """Minutes as hours and minutes: `1 godz. 30 min` and `1 h 30 min`."""
    hours, rest = divmod(minutes, 60)
    unit = "godz." if language == "pl" else "h"
    parts = [f"{hours}{NBSP}{unit}"] if hours else []
    if rest or not hours:
        parts.append(f"{rest}{NBSP}min")
    return NBSP.join(parts)


def number(value: Decimal, language: Language) -> str:
    """A number without trailing zeros of its fraction;
    Polish has a comma before the fraction.
    """
    # Without `f` a decimal may be written as `1E+1`.
    plain = f"{value:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return plain.replace(".", ",") if language == "pl" else plain


def counted(value: Decimal, one: str, few: str, many: str) -> str:
    """The Polish form after a number: 1 godzina, 2 godziny, 5 godzin, 4,5 godziny."""
    if value != int(value):
        return few
    whole = abs(int(value))
    if whole == 1:
        return one
    # Polish says 22 godziny and yet 12 godzin.
    is_few = whole % 10 in {2, 3, 4} and whole % 100 not in {12, 13, 14}
    return few if is_few else many


def hours_a_month(hours: Decimal, language: Language) -> str:
    """`4,5 godziny w miesiącu` and `4.5 hours a month`."""
    number_text = number(hours, language)
    if language == "pl":
        unit = counted(hours, "godzina", "godziny", "godzin")
        return f"{number_text}{NBSP}{unit} w miesiącu"
    return f"{number_text}{NBSP}{'hour' if hours == 1 else 'hours'} a month"


def signed(level: int) -> str:
    """A level with its sign, and the minus of typography: `−1`, `0`, `+2`."""
    return f"{level:+}".replace("-", "−") if level else "0"
