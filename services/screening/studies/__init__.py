"""Validation studies: how far what an instrument says may be relied on."""
