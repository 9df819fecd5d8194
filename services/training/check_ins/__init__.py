"""Reports of an authority on its plan: twelve monthly, then two yearly ones."""
