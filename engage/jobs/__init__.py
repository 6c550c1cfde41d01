"""Work after the commit: the database says what, the queue only when. The only room that knows huey."""
