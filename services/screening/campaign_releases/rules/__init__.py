"""Decisions about published numbers: releases, the tables that a reader gets, intervals
of shares.
"""
