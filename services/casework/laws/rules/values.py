"""Values of law as dated configuration, and how a day finds the one in force. Pure.

Each table has an entry for every day from which other values hold. `LAWS` is what the
platform ships; a deployment replaces a table by its own
(`LAWS._replace(early_support=…)`). Every function takes the day, so that a question
about the past is answered by the past's values.
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple, Protocol, TypeVar

from services.chassis.ground.problems import Problem


class LegalBasis(StrEnum):
    """Where a value comes from: an act, practice, or a default of the platform."""

    STATUTE = "statute"
    PRACTICE = "practice"
    HOUSE_DEFAULT = "house_default"


class Source(NamedTuple):
    """The act and the paragraph in which a value is found."""

    act: str
    paragraph: str
    basis: LegalBasis = LegalBasis.STATUTE


# Some values are set by no act but are needed; this mark tells a deployment that it may
# replace them.
HOUSE = Source("none: a default of the platform", "", LegalBasis.HOUSE_DEFAULT)


class Dated(Protocol):
    """An entry of a table, applied by the platform from the day `valid_from` on."""

    @property
    def valid_from(self) -> date: ...


Entry = TypeVar("Entry", bound=Dated)


class LawNotKnown(Problem):
    """The law of so early a day is not known here: `known_from` is the first day of which it is."""

    status = 422
    title_pl = "Przepisy z tak dawnego dnia nie są tu znane: pierwszy znany dzień podaje `known_from`"


def in_force(entries: Sequence[Entry], day: date) -> Entry:
    """The entry of a table that holds on a day: the latest that has begun.

    Raises `LawNotKnown` for a day before the first entry.
    """
    begun = [entry for entry in entries if entry.valid_from <= day]
    if not begun:
        first = min(entry.valid_from for entry in entries)
        raise LawNotKnown(known_from=first.isoformat())
    return max(begun, key=lambda entry: entry.valid_from)


class EarlySupport(NamedTuple):
    """Early development support (WWR): a child's hours of a month, a group's size."""

    valid_from: date
    source: Source
    fewest_hours: int
    most_hours: int
    largest_group: int
    # A full hour: § 6 counts hours and does not mention lessons of 45 minutes.
    minutes_of_hour: int = 60


class Ruling(NamedTuple):
    """Days in which a ruling or opinion is issued, delivered and appealed from."""

    valid_from: date
    source: Source
    issue_days: int
    issue_days_of_complex: int
    delivery_days: int
    appeal_days: int


class MonthDay(NamedTuple):
    """A day of every year."""

    month: int
    day: int


class School(NamedTuple):
    """What falls due in a school year for a pupil with a special-education ruling.

    `ipet_on`: last day of the programme (IPET) where education begins with the school
    year; `ipet_days`: days from the handing in of the ruling otherwise. `wopfu_count`:
    assessments of functioning (WOPFU) in a school year.
    """

    valid_from: date
    source: Source
    year_begins: MonthDay
    ipet_on: MonthDay
    ipet_days: int
    wopfu_count: int


class WopfuDays(NamedTuple):
    """Last days of the assessments of functioning, which no act names."""

    valid_from: date
    source: Source
    due: tuple[MonthDay, ...]


class Majority(NamedTuple):
    """The age in years at which a pupil acts alone."""

    valid_from: date
    source: Source
    age: int


class Reaction(NamedTuple):
    """Days of a referral's receipt, decision, beginning; months of a case's review."""

    valid_from: date
    source: Source
    receive_days: int
    decide_days: int
    begin_days: int
    review_months: int


class Attention(NamedTuple):
    """Days until tasks without a date fall due, and how many days
    before that they are shown.

    `stuck_days`: how long a case may stand in one state. The others count from the day
    on which something was opened, proposed or handed over.
    """

    valid_from: date
    source: Source
    due_soon_days: int
    stuck_days: int
    transfer_days: int
    merge_days: int


class Monitoring(NamedTuple):
    """Days after the end of a period in which a county's monitoring report is due."""

    valid_from: date
    source: Source
    due_days: int


class DataSubjectRequest(NamedTuple):
    """Months to answer a data subject, and the longest extension in months."""

    valid_from: date
    source: Source
    months: int
    extension_months: int


class Eligibility(NamedTuple):
    """Documents, any one of which admits a child
    to the lead coordination centre (WOKRO).
    """

    valid_from: date
    source: Source
    documents: frozenset[str]


# Before this day other acts held, whose values are not tabled:
# asking for one raises `LawNotKnown`.
SCHOOL_LAW_FROM = date(2017, 9, 1)
"""First day of the school law tabled here: acts of August and September 2017."""


class Laws(NamedTuple):
    """All tables of values. Acts without a name are cited
    by the Journal of Laws (Dz.U.).
    """

    early_support: Sequence[EarlySupport] = (
        EarlySupport(
            SCHOOL_LAW_FROM,
            Source("Dz.U. 2017 poz. 1635", "§ 6"),
            # Fewer hours are not provided for;
            # more than eight need the running body's consent.
            fewest_hours=4,
            most_hours=8,
            largest_group=3,
        ),
    )
    ruling: Sequence[Ruling] = (
        Ruling(
            SCHOOL_LAW_FROM,
            # The regulation (§ 24) sets the delivery, and the Code of Administrative
            # Procedure (KPA) the appeal.
            Source("Dz.U. 2023 poz. 2061; KPA", "§ 24; art. 129 § 2"),
            issue_days=30,
            issue_days_of_complex=60,
            delivery_days=7,
            appeal_days=14,
        ),
    )
    school: Sequence[School] = (
        School(
            SCHOOL_LAW_FROM,
            Source("Dz.U. 2020 poz. 1309", "§ 6"),
            year_begins=MonthDay(9, 1),
            ipet_on=MonthDay(9, 30),
            ipet_days=30,
            wopfu_count=2,
        ),
    )
    wopfu_days: Sequence[WopfuDays] = (
        # The law demands two assessments in a school year; placing them at the ends of
        # its terms is a default of the platform.
        WopfuDays(SCHOOL_LAW_FROM, HOUSE, (MonthDay(1, 31), MonthDay(6, 30))),
    )
    majority: Sequence[Majority] = (
        # The Civil Code came into force on this day.
        Majority(date(1965, 1, 1), Source("Civil Code", "art. 10 § 1"), age=18),
    )
    reaction: Sequence[Reaction] = (
        Reaction(
            SCHOOL_LAW_FROM,
            HOUSE,
            receive_days=7,
            decide_days=14,
            begin_days=60,
            review_months=6,
        ),
    )
    attention: Sequence[Attention] = (
        Attention(
            SCHOOL_LAW_FROM,
            HOUSE,
            due_soon_days=30,
            stuck_days=30,
            transfer_days=14,
            merge_days=14,
        ),
    )
    monitoring: Sequence[Monitoring] = (
        Monitoring(SCHOOL_LAW_FROM, HOUSE, due_days=30),
    )
    data_subject_request: Sequence[DataSubjectRequest] = (
        DataSubjectRequest(
            # From this day the regulation applies (art. 99(2)).
            date(2018, 5, 25),
            Source("Regulation (EU) 2016/679", "art. 12(3)"),
            months=1,
            extension_months=2,
        ),
    )
    eligibility: Sequence[Eligibility] = (
        Eligibility(
            SCHOOL_LAW_FROM,
            # The regulation names no documents: in practice the centres accept any one
            # of these.
            Source("Dz.U. 2023 poz. 1801", "§ 1", LegalBasis.PRACTICE),
            frozenset(
                {
                    "early_support_need_opinion",
                    "special_education_ruling",
                    "rehabilitation_classes_ruling",
                    "medical_certificate",
                    "disability_ruling",
                    "medical_documentation",
                }
            ),
        ),
    )


LAWS = Laws()
