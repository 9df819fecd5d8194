"""Appointments of coordinators and animators to sites, and the sites where
one is missing.
"""
