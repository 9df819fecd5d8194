"""What of a campaign's numbers is told to whom, and when it is released."""
