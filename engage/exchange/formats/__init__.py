"""One reader a format; each knows one kind of file and nothing of the others."""
