"""The words for what a refusal of the registry names as missing, by its codes."""

from collections.abc import Mapping

MISSING: Mapping[str, tuple[str, str]] = {
    "valid_from": ("the first day of validity", "pierwszy dzień obowiązywania"),
    "document_version": (
        "a text with its checksum",
        "tekst z sumą kontrolną",
    ),
    "file": ("the file", "plik"),
    "signatories": ("at least two parties", "co najmniej dwie strony"),
    "author": ("the author", "autor listu"),
    "addressee": ("the addressee", "adresat listu"),
    "direction": (
        "a rule for this kind of decision",
        "zasada dla tego rodzaju decyzji",
    ),
    "in_force": (
        "a rule in force on that day",
        "zasada obowiązująca w tym dniu",
    ),
    "sectors": ("a sector that the rule names", "sektor objęty zasadą"),
    "institution_types": (
        "a type of institution that the rule names",
        "rodzaj instytucji objęty zasadą",
    ),
    "needs_verified_service": (
        "a verified support service",
        "zweryfikowana usługa wsparcia",
    ),
    "in_county": ("a seat in the county", "siedziba w powiecie"),
    "signed": ("the signatures", "podpisy pod porozumieniem"),
    "valid_on_day": ("validity on that day", "obowiązywanie w tym dniu"),
    "same_county": ("the same county", "ten sam powiat"),
    "coalition": ("the signature of the coalition", "podpis koalicji"),
    "project": ("the signature of the project", "podpis projektu"),
    "coordinating_institution": (
        "the function of coordinating institution",
        "funkcja instytucji koordynującej",
    ),
    "valid_composition": (
        "a composition by its rule",
        "skład zgodny z zasadami",
    ),
    "planned_meeting": ("a planned meeting", "zaplanowane spotkanie"),
    "issued_communique": ("an issued communiqué", "wydany komunikat"),
    "county_network": (
        "the county's support network",
        "sieć wsparcia powiatu",
    ),
    "county_resource_coordination_centre": (
        "the county's resource coordination centre",
        "Powiatowe Centrum ds. Koordynacji Zasobów",
    ),
    "agreement": ("a signed agreement", "podpisane porozumienie"),
    "decision": ("a decision on the scope", "decyzja o zakresie"),
    "county_agreement": (
        "an agreement with the county",
        "porozumienie z powiatem",
    ),
    "support_network": ("a support network", "sieć wsparcia"),
    "local_synergy_team": ("a local synergy team", "zespół synergii lokalnej"),
    "social_employment_entity": (
        "a social employment entity",
        "podmiot zatrudnienia socjalnego",
    ),
    "local_cooperation_pact": (
        "a pact for the local cooperation model",
        "pakt na rzecz modelu lokalnej współpracy",
    ),
    # Steps of the processes that the platform brings, by their names.
    "reasons_shown": (
        "“Reasons for the change shown”",
        "„Pokazano, dlaczego zmiana jest potrzebna”",
    ),
    "agreements_concluded": (
        "“Agreements with counties concluded”",
        "„Zawarto porozumienia z powiatami”",
    ),
    "joint_design": (
        "“Solutions designed jointly”",
        "„Rozwiązania zaprojektowano wspólnie”",
    ),
    "implementation": ("“Solutions implemented”", "„Rozwiązania wdrożono”"),
    "good_practice_communicated": (
        "“Good practice communicated”",
        "„Dobre praktyki upowszechniono”",
    ),
    "evaluation": ("“Evaluation”", "„Ewaluacja”"),
    "model_developed": (
        "“Model for diverse populations and resources developed”",
        "„Opracowano model zróżnicowany co do ludności i zasobów”",
    ),
    "change_consolidated": ("“Change consolidated”", "„Zmianę utrwalono”"),
    "persons_and_units_designated": (
        "“Persons and units designated”",
        "„Wyznaczono osoby i jednostki”",
    ),
    "support_network_created": (
        "“Support network created”",
        "„Utworzono sieć wsparcia”",
    ),
    "rules_team_appointed": (
        "“Team for the rules appointed”",
        "„Powołano zespół do opracowania zasad”",
    ),
    "centre_established": ("“Centre established”", "„Powołano centrum”"),
    "staff_trained": ("“Staff trained”", "„Przeszkolono pracowników”"),
    "stakeholder_cooperation": (
        "“Stakeholders cooperate”",
        "„Interesariusze współpracują”",
    ),
    "cooperation_rules": (
        "“Rules agreed and local synergy team founded”",
        "„Ustalono zasady i powołano zespół synergii lokalnej”",
    ),
    "diagnosis": ("“Local diagnosis”", "„Diagnoza lokalna”"),
    "variant_analysis": (
        "“Variant of creating an entity analysed”",
        "„Rozważono wariant utworzenia podmiotu”",
    ),
    "entity_creation": (
        "“Social employment entity created”",
        "„Utworzono podmiot zatrudnienia socjalnego”",
    ),
    "pact": ("“Pact concluded”", "„Zawiązano pakt”"),
    "scope_decision": ("“Decision on the scope”", "„Decyzja o zakresie”"),
    "testing": ("“Testing”", "„Testowanie”"),
    "change": ("“Change”", "„Wprowadzenie zmian”"),
    "extended": ("“Implementation extended”", "„Wdrożenie rozszerzono”"),
    "abandoned": ("“Implementation abandoned”", "„Wdrożenia zaniechano”"),
    "letter_of_intent": ("“Letter of intent”", "„List intencyjny”"),
    "first_meeting": ("“First joint meeting”", "„Pierwsze wspólne spotkanie”"),
    "schedule_and_diagnosis": (
        "“Schedule of work and initial diagnosis”",
        "„Harmonogram prac i wstępna diagnoza”",
    ),
    "cyclic_work": (
        "“Cyclical advisory and analytical work”",
        "„Cykliczne prace doradczo-analityczne”",
    ),
    "communications": ("“Communiqués and information”", "„Komunikaty i informacje”"),
    "coordination": ("“Coordination”", "„Koordynacja”"),
    "resource_analysis": ("“Analysis of resources”", "„Analiza zasobów”"),
    "network_building": ("“Building of the network”", "„Budowa sieci”"),
    "implementation_and_verification": (
        "“Implementation and verification”",
        "„Wdrożenie i weryfikacja”",
    ),
}
