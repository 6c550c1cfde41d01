"""Meetings in other systems' files. One module a format; ``sources`` opens a file, ``records`` comes out."""
