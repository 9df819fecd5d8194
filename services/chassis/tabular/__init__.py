"""Tables as people keep them: headings, cells and workbooks, read alike everywhere."""
