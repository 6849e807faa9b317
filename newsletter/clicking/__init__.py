"""Clicks on the links of mails: counted together, never by reader."""
