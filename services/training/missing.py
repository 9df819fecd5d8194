"""The words for what a refusal of training names as missing, by its codes."""

from collections.abc import Mapping

MISSING: Mapping[str, tuple[str, str]] = {
    "priorities": ("priorities", "priorytety"),
    "management": ("how the plan is managed", "sposób zarządzania planem"),
    "measures": ("measures", "działania"),
    "measures_of_every_priority": (
        "a measure of every priority",
        "działanie w każdym priorytecie",
    ),
    "budget": ("the budget", "budżet"),
    "consultation": ("a consultation", "konsultacje"),
    "accepted_diagnosis": ("an accepted diagnosis", "przyjęta diagnoza"),
    "answers_to_recommendations": (
        "answers to the recommendations",
        "odpowiedzi na zalecenia",
    ),
    "adopted_plan": ("an adopted plan", "przyjęty plan strategiczny"),
    "started_measure": ("a measure that was begun", "rozpoczęte działanie"),
    "consultation_of_every_group": (
        "a consultation with every group",
        "konsultacje z każdą grupą",
    ),
    "monthly_check_ins": ("monthly check-ins", "sprawozdania miesięczne"),
    "yearly_check_ins": ("yearly check-ins", "sprawozdania roczne"),
    "running_body": ("the running of schools", "prowadzenie szkół lub placówek"),
    "programme_of_authorities": (
        "a programme for local authorities",
        "program dla jednostek samorządu terytorialnego",
    ),
    "organisation_type": ("a type of organisation", "rodzaj organizacji"),
    "location": ("a location", "lokalizacja"),
    "location_of_programme": (
        "a location of the programme",
        "lokalizacja z tego programu",
    ),
    "place_for_location": (
        "a free place for the location",
        "wolne miejsce dla lokalizacji",
    ),
    "recruited_authority": (
        "an authority that takes part",
        "jednostka uczestnicząca w programie",
    ),
    "target_group": ("a person of the target group", "osoba z grupy docelowej"),
    "place_in_team": ("a place in the team", "miejsce w zespole"),
    "group_of_team": ("the group of the team", "grupa zespołu"),
    "audience_role": ("a role of the audience", "rola odbiorcy szkolenia"),
    "no_other_group": (
        "no other group of the programme",
        "brak udziału w innej grupie programu",
    ),
    "agreed_version": ("an agreed version", "uzgodniona wersja programu"),
    "first_day": ("the first day", "pierwszy dzień zajęć"),
    "trainers": ("trainers", "trenerzy"),
    "accepted_trainees": ("accepted trainees", "przyjęci uczestnicy"),
    "complete_teams": ("complete teams", "pełne zespoły"),
    "sessions_held": ("sessions that were held", "przeprowadzone zajęcia"),
    "complete_team": ("a complete team", "pełny zespół"),
    "accounts": ("accounts of the members", "konta członków zespołu"),
    "completed_training": ("a completed training", "ukończone szkolenie"),
    "attended_sessions": ("attended sessions", "obecność na zajęciach"),
    "signed_attendance": ("signed lists of attendance", "podpisane listy obecności"),
    "same_group": ("the same group", "ta sama grupa"),
    "same_module": ("the same module", "ten sam moduł"),
    "original_session": (
        "a session that does not itself make up for another",
        "zajęcia, które same nie są odrabianiem innych",
    ),
    "later_beginning": (
        "a beginning after the end of that session",
        "początek po zakończeniu tamtych zajęć",
    ),
    "no_more_minutes": (
        "no more minutes than that session had",
        "czas nie dłuższy niż tamtych zajęć",
    ),
    "acceptance": ("the acceptance as a partner", "przyjęcie jako partner"),
    "eu_project_years": (
        "five years of projects with EU money",
        "pięć lat realizacji projektów unijnych",
    ),
    "reason": ("a reason", "powód"),
    "client": ("the client's agreement", "zgoda zamawiającego"),
    "contractor": ("the contractor's agreement", "zgoda wykonawcy"),
    "is_nationwide": ("work in the whole country", "działalność w całym kraju"),
    "is_authority_association": (
        "the status of an association of local authorities",
        "status zrzeszenia jednostek samorządu terytorialnego",
    ),
    "has_technical_capacity": ("technical capacity", "potencjał techniczny"),
    "has_premises": ("premises", "zaplecze lokalowe"),
    "partner_review": ("the partner's review", "recenzja partnera"),
    "workshop_consultation": (
        "the consultation at a workshop",
        "konsultacja na warsztatach",
    ),
    # A diagnosis lacks recommendations, a version lacks decisions on them.
    "recommendations": (
        "recommendations, or decisions on them",
        "zalecenia lub decyzje w ich sprawie",
    ),
    # Sections of a diagnosis.
    "equipment": ("the equipment of schools", "wyposażenie szkół"),
    "availability": (
        "the availability of the internet and of devices",
        "dostępność internetu i urządzeń",
    ),
    "it_staff": (
        "the people who look after the equipment",
        "osoby opiekujące się sprzętem",
    ),
    "competences.teachers": (
        "the digital competences of teachers",
        "kompetencje cyfrowe nauczycieli",
    ),
    "competences.heads": (
        "the digital competences of heads of schools",
        "kompetencje cyfrowe dyrektorów szkół",
    ),
    "competences.pupils": (
        "the digital competences of pupils",
        "kompetencje cyfrowe uczniów",
    ),
    "collection_methods": (
        "the methods by which the data were collected",
        "metody zbierania danych",
    ),
    "digital_exclusion.children": (
        "the digital exclusion of children below school age",
        "wykluczenie cyfrowe dzieci poniżej wieku szkolnego",
    ),
    "digital_exclusion.pupils": (
        "the digital exclusion of pupils",
        "wykluczenie cyfrowe uczniów",
    ),
    "digital_exclusion.parents": (
        "the digital exclusion of parents",
        "wykluczenie cyfrowe rodziców",
    ),
    # Fields of a good practice, by their names in the form.
    "context": ("“Context and starting point”", "„Kontekst i punkt wyjścia”"),
    "goal": ("“Goal”", "„Cel”"),
    "people": ("“For whom and with whom”", "„Dla kogo i z kim”"),
    "actions": ("“Actions taken”", "„Podjęte działania”"),
    "resources": ("“Resources and costs”", "„Zasoby i koszty”"),
    "results": ("“Results”", "„Rezultaty”"),
    "lessons": ("“Lessons”", "„Wnioski”"),
}
