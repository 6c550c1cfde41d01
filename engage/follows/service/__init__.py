"""What can be done with follows, by verb. Every function flushes and never commits."""
