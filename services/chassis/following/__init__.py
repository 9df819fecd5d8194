"""Other services' events: each has its effect here once, in their order."""
