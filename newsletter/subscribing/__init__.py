"""How people subscribe, confirm, change their mind and leave, without an account."""
