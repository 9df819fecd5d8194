"""Documents for paper.

Data becomes a PDF in a process of its own, in letters that the typeface has.
"""
