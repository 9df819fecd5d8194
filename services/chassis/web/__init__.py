"""HTTP: routes, parameters, answers, lists and their pages, the event feed."""
