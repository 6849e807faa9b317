"""How people subscribe, confirm, change their mind and leave; all without an account."""
