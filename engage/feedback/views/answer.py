"""Where residents answer a form, page by page, and ask whether their answer arrived."""
