"""Golden files: what a reader made of a fixture, kept beside it and read in the diff when it changes."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any


def check_golden(path: Path, value: Any) -> None:
    """Compare a value with the JSON in a golden file; MUNIMENT_GOLDEN=1 writes the file anew."""
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    stored = text.encode("utf-8", "backslashreplace")
    if os.environ.get("MUNIMENT_GOLDEN"):
        path.write_bytes(stored)
    assert path.exists(), f"{path} is missing: run `make golden` and read it"
    assert stored.decode() == path.read_text(encoding="utf-8")
