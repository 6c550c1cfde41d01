"""The report on paper: a tagged PDF (PDF/UA-1) that is set by Typst in a process of its own."""
