"""What the builder needs beside its pages: what is typed of a question, conditions by line, templates."""
