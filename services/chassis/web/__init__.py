"""Between HTTP and values: units of work, repeated requests, answers, lists, pages."""
