"""Newsletters: composed from stories, subscribed to with proof, sent once to each."""
