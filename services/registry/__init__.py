"""The registry: institutions and what they offer, and the territory they serve.

It owns territorial units, institutions with their support services, networks, bodies,
agreements, programmes with their sites and appointments, documents, and the two registers. It does
not own children or families (casework): of coordinators, animators and members
of bodies it stores only the account.
"""
