"""Instruments as data: families and lineage, versions that never change once published, and the engine that scores."""
