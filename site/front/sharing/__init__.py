"""The pictures that link previews show: one per page and language, made by a worker."""
