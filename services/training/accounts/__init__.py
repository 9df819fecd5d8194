"""Sign-in accounts of trainers and trainees, and the rows that they may read."""
