"""The texts of the copy, Polish and English side by side. Pure."""

from services.casework.paper.rules.words import Words

COPY = Words("Kopia danych", "Copy of data")
NOBODY = Words("osoba bez nazwiska", "a person without a name")
EXPECTED = Words("dziecko, na które czekacie", "the child you expect")
MADE = Words("Kopię sporządzono", "The copy was made")
WHAT = Words(
    "Tutaj jest wszystko, co o tej osobie zapisano w systemie wsparcia dzieci i rodzin "
    "(RODO, art.\N{NO-BREAK SPACE}15).",
    "This is everything that is kept of this person in the system of support for children and families "
    "(GDPR, art.\N{NO-BREAK SPACE}15).",
)
WITHOUT = Words(
    "Nie ma tu danych innych osób, nazwisk pracowników ani tego, co kogoś chroni. Numery, którymi wpisy "
    "łączą się ze sobą, są w kopii w pliku JSON.",
    "It holds no data of others, no names of staff and nothing that protects somebody. The numbers by which "
    "records lead to each other are in the copy as a JSON file.",
)
RIGHTS = Words(
    "Możesz żądać sprostowania, usunięcia lub ograniczenia przetwarzania tych danych, wnieść sprzeciw "
    "oraz skargę do Prezesa Urzędu Ochrony Danych Osobowych.",
    "You may ask that the data be put right or erased or their processing restricted, object to it, and "
    "complain to the President of the Personal Data Protection Office.",
)
PRIVATE = Words(
    "To są prywatne dane. Pokazuj ten dokument tylko tym, którym ufasz.",
    "These are private data. Show this document only to people you trust.",
)
CONTENTS = Words("Co jest w kopii", "What the copy holds")
CONTENT_COLUMNS = (Words("Część", "Part"), Words("Wpisy", "Entries"))
RECORD_COLUMNS = (Words("Pole", "Field"), Words("Treść", "Content"))
ENTRY = Words("Wpis", "Entry")
YES, NO = Words("tak", "yes"), Words("nie", "no")

ACCESSES = Words("Kto zaglądał do danych", "Who looked at the data")
NO_ACCESSES = Words("Nikt nie zaglądał do tych danych.", "Nobody looked at them.")
OLDER = Words(
    "Starszych wpisów, które są tylko w pliku JSON, jest: {}.",
    "Older entries, which are in the JSON file alone: {}.",
)
ACCESS_COLUMNS = (
    Words("Dzień", "Day"),
    Words("Kto", "Who"),
    Words("Jakie dane", "Which data"),
    Words("Ile razy", "How often"),
)
SYSTEM = Words("system", "a system")
RIGHTS_OF_PERSON = Words("prawa tej osoby", "the person's rights")
LOOKED = Words("odczyt", "read")
CHANGED = Words("zmiana", "changed")

MENTIONS = Words("Wpisy o innych osobach", "Records about others")
NO_MENTIONS = Words(
    "Ta osoba nie występuje we wpisach o innych osobach.",
    "The person stands in no record about somebody else.",
)
MENTIONED = Words(
    "Liczba wpisów o innych osobach, w których ta osoba występuje: {}. Czyje są, nie podajemy.",
    "Records about others in which the person stands: {}. Whose they are is not told.",
)
REPLACED = Words(
    "Niektórych znaków z tych danych nie umiemy wydrukować. W ich miejscu jest znak □. "
    "Pełna treść jest w kopii w pliku JSON.",
    "Some letters of these data cannot be printed. The sign □ stands in their place. "
    "The full text is in the copy as a JSON file.",
)
