"""What people decide about a screening: to confirm its result, to annul it, to consent."""
