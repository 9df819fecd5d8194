"""The support plan as a PDF for parents, short enough to read
in a minute (PDF/UA-1 and PDF/A-2a).
"""
