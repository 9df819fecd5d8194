"""For how many months after a conference those who registered stay known."""
