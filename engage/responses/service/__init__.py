"""What changes in this room."""
