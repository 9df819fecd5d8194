"""The inventory of a county: its offer by sector and kind, with capacity and the state
of verification.
"""
