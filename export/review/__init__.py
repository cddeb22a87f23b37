"""Review: decisions on each record, exemptions, redactions, suggestions, the second look."""
