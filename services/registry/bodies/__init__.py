"""Teams and platforms of cooperation: who sits in them, how they come to be, when they meet and what they tell."""
