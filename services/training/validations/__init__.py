"""Validations of learning outcomes, by people who do not train the group."""
