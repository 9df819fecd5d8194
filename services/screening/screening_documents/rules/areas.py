"""Which scales of a form are areas of a child's life, and which are totals of other
scales. Pure.
"""

from services.screening.instruments.rules.plans import FormPlan


def areas_of(form: FormPlan) -> list[str]:
    """The codes of the scales that are no totals, in the order of the form.

    A total, or a count of areas that call for attention, has no information for parents
    beyond the areas.
    """
    leaves: list[frozenset[int]] = []
    for scale in form.scales:
        # Positions of scales follow those of leaves; a scale comes after the scales
        # that it uses.
        parts = [
            {term.position}
            if term.position < len(form.leaves)
            else leaves[term.position - len(form.leaves)]
            for term in scale.terms
        ]
        leaves.append(frozenset().union(*parts))
    return [
        scale.code
        for scale, own in zip(form.scales, leaves, strict=True)
        if sum(other < own for other in leaves) < 2
    ]
