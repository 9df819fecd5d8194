"""What a programme may say of itself."""

from datetime import date

from services.registry.programmes.rules import contradictions


def test_a_programme_does_not_end_before_it_starts_and_names_a_sphere_once() -> None:
    facts = {"starts_on": date(2026, 2, 1), "ends_on": date(2026, 1, 1), "spheres": [1, 1]}
    assert contradictions(facts) == [("ends_on", "wrong_order"), ("spheres", "repeated")]
    assert contradictions({"starts_on": None, "ends_on": date(2026, 1, 1), "spheres": []}) == []
