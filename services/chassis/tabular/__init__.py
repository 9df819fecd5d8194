"""Tables as people keep them: headings, cells and workbooks, read in one way."""
