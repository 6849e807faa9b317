"""From an issue to what one language is sent: words, pictures, checks, coverage."""
