"""Mail: put into an outbox with the change that causes it, sent afterwards. The only room that knows SMTP."""
