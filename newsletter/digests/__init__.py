"""Digests: what a newsletter's readers follow, in the rhythm they chose."""
