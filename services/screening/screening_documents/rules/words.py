"""The words of the page for parents in both languages. Pure.

Written to be understood at the first reading: short sentences, no technical terms, no
number that could be taken for a grade.
"""

from collections.abc import Mapping
from typing import NamedTuple

from services.chassis.ground.problems import Language
from services.screening.instruments.rules.outcomes import Informant, Outcome


class Words(NamedTuple):
    """All words of one language."""

    heading: str
    reader: str
    child: str
    questions: str
    filled: str
    informants: Mapping[Informant, str]
    age: str
    years: tuple[str, str, str]
    months: tuple[str, str, str]
    together: str
    about: str
    findings: str
    outcomes: Mapping[Outcome, str]
    areas: Mapping[Outcome, str]
    still: str
    critical: str
    not_a_diagnosis: str
    next: str
    steps: Mapping[Outcome, tuple[str, ...]]
    talk: str
    consented: str
    not_consented: str
    worried: str
    call: str
    blanks: tuple[str, str, str]
    phone: str
    confirmed: str
    number: str
    page: str
    of: str
    note: str
    replaced: str


WORDS: dict[Language, Words] = {
    "pl": Words(
        heading="Wynik badania przesiewowego",
        reader="Dla rodziców i opiekunów",
        child="Imię dziecka",
        questions="O co pytaliśmy",
        filled="{day} wypełniono formularz „{form}” ({instrument}).",
        informants={
            Informant.PARENT: "Na pytania odpowiadał rodzic albo opiekun.",
            Informant.NURSERY_CARER: "Na pytania odpowiadał opiekun ze żłobka.",
            Informant.TEACHER: "Na pytania odpowiadał nauczyciel.",
            Informant.SPECIALIST: "Na pytania odpowiadał specjalista.",
            Informant.PUPIL: "Na pytania odpowiadał sam uczeń.",
            Informant.TEAM: "Na pytania odpowiadał zespół, który zna dziecko.",
        },
        age="Dziecko miało wtedy {age}.",
        years=("rok", "lata", "lat"),
        months=("miesiąc", "miesiące", "miesięcy"),
        together="i",
        about="Pytania dotyczyły:",
        findings="Co wyszło",
        outcomes={
            Outcome.POSITIVE: "Coś zwróciło naszą uwagę."
            " Warto spokojnie sprawdzić to dokładniej.",
            Outcome.NEGATIVE: "Z tego badania nie wynika,"
            " że trzeba teraz coś sprawdzać dokładniej.",
            Outcome.UNDETERMINED: "Na podstawie tych odpowiedzi"
            " nie możemy jeszcze nic powiedzieć.",
        },
        areas={
            Outcome.POSITIVE: "Temu warto przyjrzeć się bliżej:",
            Outcome.NEGATIVE: "Tutaj nic nie zwróciło naszej uwagi:",
            Outcome.UNDETERMINED: "O tym nie możemy jeszcze nic powiedzieć:",
        },
        still="Na to warto dalej zwracać uwagę:",
        critical="Przynajmniej jedną odpowiedź trzeba omówić, bez względu na cały wynik.",
        not_a_diagnosis="To nie jest diagnoza. Badanie przesiewowe mówi tylko, czy warto"
        " przyjrzeć się czemuś bliżej. Czasem się myli: może coś przeoczyć albo"
        " zaniepokoić bez powodu.",
        next="Co dalej",
        steps={
            Outcome.POSITIVE: (
                "Prosimy umówić się na spotkanie w miejscu podanym niżej i wziąć tę kartkę.",
                (
                    "Na spotkaniu specjalista porozmawia z Państwem, zobaczy dziecko"
                    " i powie, czy potrzebna jest pomoc i jaka."
                ),
            ),
            Outcome.NEGATIVE: ("Teraz nie trzeba nic robić.",),
            Outcome.UNDETERMINED: (
                (
                    "Prosimy zadzwonić pod numer podany niżej i umówić się"
                    " na uzupełnienie albo powtórzenie badania."
                ),
            ),
        },
        talk="Prosimy zadzwonić pod numer podany niżej i zapytać, którą odpowiedź"
        " trzeba omówić.",
        consented="Zgodzili się Państwo, by przekazać wynik osobie, która zaproponuje"
        " wizytę. Tę zgodę można w każdej chwili wycofać.",
        not_consented="Wynik przekażemy dalej tylko za Państwa zgodą. Można jej udzielić"
        " w miejscu podanym niżej.",
        worried="Jeżeli coś Państwa niepokoi, prosimy nie czekać na następne badanie."
        " Jeżeli dziecko traci umiejętności, które już miało, prosimy od razu iść"
        " do lekarza.",
        call="Do kogo zadzwonić",
        blanks=("Miejsce", "Telefon", "Osoba, z którą można porozmawiać"),
        phone="Telefon",
        confirmed="Wynik sprawdziła i potwierdziła osoba prowadząca badania: {day}",
        number="Numer badania",
        page="Strona",
        of="z",
        note="Uwaga do druku",
        replaced="Niektórych znaków nie umiemy wydrukować: w ich miejscu stoi □.",
    ),
    "en": Words(
        heading="Result of a screening",
        reader="For parents and guardians",
        child="First name of the child",
        questions="What we asked",
        filled="On {day} the form “{form}” ({instrument}) was filled in.",
        informants={
            Informant.PARENT: "A parent or guardian answered the questions.",
            Informant.NURSERY_CARER: "A carer of the nursery answered the questions.",
            Informant.TEACHER: "A teacher answered the questions.",
            Informant.SPECIALIST: "A specialist answered the questions.",
            Informant.PUPIL: "The pupil answered the questions.",
            Informant.TEAM: "A team that knows the child answered the questions.",
        },
        age="The child was {age} old then.",
        years=("year", "years", "years"),
        months=("month", "months", "months"),
        together="and",
        about="The questions were about:",
        findings="What came out",
        outcomes={
            Outcome.POSITIVE: "Something caught our attention."
            " It is worth a calm, closer look.",
            Outcome.NEGATIVE: "Nothing in this screening says"
            " that a closer look is needed now.",
            Outcome.UNDETERMINED: "From these answers we cannot say anything yet.",
        },
        areas={
            Outcome.POSITIVE: "This is worth a closer look:",
            Outcome.NEGATIVE: "Nothing caught our attention here:",
            Outcome.UNDETERMINED: "Of this we cannot say anything yet:",
        },
        still="It is worth keeping an eye on this:",
        critical="At least one answer has to be talked about, whatever the whole result.",
        not_a_diagnosis="This is not a diagnosis. A screening only says whether something"
        " is worth a closer look. Sometimes it is wrong: it may miss something, or worry"
        " without a reason.",
        next="What to do next",
        steps={
            Outcome.POSITIVE: (
                "Please make an appointment at the place below and bring this page.",
                (
                    "There a specialist will talk with you, see the child and say"
                    " whether help is needed, and which."
                ),
            ),
            Outcome.NEGATIVE: ("Nothing has to be done now.",),
            Outcome.UNDETERMINED: (
                (
                    "Please call the number below and make an appointment to complete"
                    " the screening or to repeat it."
                ),
            ),
        },
        talk="Please call the number below and ask which answer has to be talked about.",
        consented="You have agreed that the result goes to somebody who will propose"
        " an appointment. You can withdraw this consent at any time.",
        not_consented="We pass the result on only with your consent. You can give it"
        " at the place below.",
        worried="If something worries you, please do not wait for the next screening."
        " If the child loses skills that it already had, please see a doctor at once.",
        call="Whom to call",
        blanks=("Place", "Telephone", "Somebody to talk to"),
        phone="Telephone",
        confirmed="Checked and confirmed by a person who runs the screenings: {day}",
        number="Number of the screening",
        page="Page",
        of="of",
        note="About this print",
        replaced="Some characters cannot be printed: □ stands in their place.",
    ),
}
