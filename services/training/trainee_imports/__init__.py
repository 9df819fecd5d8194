"""Import of trainees from files of a county or a project office."""
