"""One sending, from the freeze to the last delivery: the engine's side of Django."""
