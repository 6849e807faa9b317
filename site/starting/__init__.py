"""What a new site begins with, and the first steps of who fills it."""
