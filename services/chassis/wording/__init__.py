"""What refusals say to people, in Polish and English; services add the words of their own."""
