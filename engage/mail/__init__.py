"""Mail: written into an outbox with the change that causes it, sent after the commit. The only room that knows SMTP."""
