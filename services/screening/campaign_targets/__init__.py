"""Targets of campaigns: how many children are to complete a stage by its last day."""
