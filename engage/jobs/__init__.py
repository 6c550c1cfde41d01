"""Work after the commit. The database says what is to be done; the queue only says when. The only room that knows huey."""
