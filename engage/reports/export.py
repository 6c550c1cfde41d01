"""A report as files: see document (what it says), table_file (CSV), workbook (XLSX) and typeset (PDF)."""

from __future__ import annotations

from engage.reports.document import as_json
from engage.reports.table_file import as_csv, dictionary

__all__ = ["as_csv", "as_json", "dictionary"]
