"""Pictures and files, described in both languages."""
