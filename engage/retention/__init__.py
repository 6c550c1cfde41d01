"""How long each class of data is kept, its purge, and the log of the purge."""
