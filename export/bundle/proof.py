"""``CHECK.html`` and ``proof/``: whether every record is what the archive took in, found out without asking anybody.

The proofs are JSON Lines between two lines of script: a page opened from disk may load nothing but scripts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import msgspec
from msgspec import Struct

from export import proved
from export.bundle.bag import Bag
from export.bundle.pages import asset, page
from export.bundle.viewer import CHUNK, KEYS, csp_hash
from export.bundle.writer import BundleWriter, Entry
from export.released import Production

PAGE = "data/CHECK.html"
LEDGER = "data/proof/ledger.js"
SCRIPTS = ("check_sha256.js", "check_tree.js", "check_values.js", "check.js")


class ProofWriter(BundleWriter):
    """The proofs and the page that checks them; nothing in a package that cannot be proved."""

    def write(self, production: Production, bag: Bag) -> None:
        """Write the proofs, a thousand records to a file, then the page that names the files."""
        vouchers = proved.vouchers(production.staging)
        first = next(vouchers, None)
        if first is None:
            return
        with bag.open(LEDGER) as file:
            file.writelines(_lines("VOUCHERS", (line for one in ([first], vouchers) for line in one)))
        names: list[str] = []
        proofs = proved.proofs(production.staging)
        while chunk := list(islice(proofs, CHUNK)):
            names.append(f"proof/records-{len(names) + 1:04}.js")
            with bag.open(f"data/{names[-1]}") as file:
                file.writelines(_lines("PROOFS", chunk))
        shown = [one.removeprefix("data/") for one in bag.like("data/viewer/records-*.js")]
        bag.write(PAGE, _page(production, [LEDGER.removeprefix("data/"), *shown], names))

    def entries(self, production: Production, bag: Bag) -> Sequence[Entry]:
        """Return the lines of what was written."""
        if PAGE not in bag:
            return []
        says = "Checks here, offline, that every record is what the archive took in, blacked out ones too"
        return [Entry((PAGE,), says), Entry(("data/proof/",), "The proofs that it checks, for programs too")]


def _lines(name: str, values: Iterable[Struct]) -> Iterator[bytes]:
    """Yield a classic script whose lines, but for the first and the last, are JSON objects."""
    encode = msgspec.json.Encoder().encode
    yield f"{name}.push(String.raw`\n".encode()
    for one in values:
        yield encode(one).replace(b"`", b"\\u0060").replace(b"$", b"\\u0024") + b"\n"
    yield b"`);\n"


def _page(production: Production, first: list[str], proofs: list[str]) -> str:
    script = "".join(asset(name) for name in SCRIPTS)
    styles = asset("pages.css") + asset("check.css")
    return page(
        "check.html",
        production=production,
        count=production.reconciliation.going_out,
        first=first,
        proofs=proofs,
        keys=KEYS,
        script=script,
        styles=styles,
        script_hash=csp_hash(script),
        style_hash=csp_hash(styles),
    )
