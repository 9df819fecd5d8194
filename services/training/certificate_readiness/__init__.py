"""What a person has earned for a certificate, and what is missing."""
