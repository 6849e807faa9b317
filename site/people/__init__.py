"""The people who work on the site: users, groups and what each may do."""
