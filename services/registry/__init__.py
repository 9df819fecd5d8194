"""The registry: institutions and what they offer, and the territory they serve.

It owns the territorial units, the institutions with their functions and history, and the support services.
It does not own people: coordinators and children are known elsewhere, here are only public facts about institutions.
"""
