"""What the server holds ready that PDF processes are forked from: imported there, and of no use elsewhere.

Neither the import of typst nor its look for fonts leaves a thread behind, so that forking after them is safe.
"""

from __future__ import annotations

from export.bundle.pdf import numbering, typesetting, volumes

__all__ = ["numbering", "typesetting", "volumes"]

typesetting.fonts()
