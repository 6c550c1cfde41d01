"""Follow a docket, a period or a comment by mail or feed, without an account."""
