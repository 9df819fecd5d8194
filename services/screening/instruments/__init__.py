"""Instruments as data, their versions and lineage, and the engine that scores them."""
