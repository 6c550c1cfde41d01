"""What tests share: databases, a client that looks at every page, makers of rows."""
