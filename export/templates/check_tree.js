// From the values of a record up to the ledger's checkpoint: hashes only. The rules are in Muniment's docs/bundle.md.

const Tree = (function () {
  const FORMAT = Uint8Array.of(1), LEAF = Uint8Array.of(0), INNER = Uint8Array.of(1), ZERO = Uint8Array.of(0);
  const encoder = new TextEncoder();

  function joined(parts) {
    const all = new Uint8Array(parts.reduce(function (sum, one) { return sum + one.length; }, 0));
    let at = 0;
    parts.forEach(function (one) { all.set(one, at); at += one.length; });
    return all;
  }
  function hex(bytes) { return Array.from(bytes, function (one) { return one.toString(16).padStart(2, "0"); }).join(""); }
  function unhex(text) {
    if (!/^[0-9a-f]{64}$/.test(text)) { throw new Error("a hash is not 64 hexadecimal digits"); }
    const bytes = new Uint8Array(32);
    for (let i = 0; i < 32; i += 1) { bytes[i] = parseInt(text.slice(2 * i, 2 * i + 2), 16); }
    return bytes;
  }
  function leaf(parts) { return sha256(joined([LEAF, FORMAT].concat(parts))); }
  function inner(left, right) { return sha256(joined([INNER, left, right])); }

  function canonical(value) {
    if (typeof value !== "object") { return JSON.stringify(value); }
    return "{" + Object.keys(value).sort().map(function (key) {
      return JSON.stringify(key) + ":" + JSON.stringify(value[key]);
    }).join(",") + "}";
  }

  // The root of a version's tree; every leaf that is shown is put into `shown`, in order.
  function root(node, shown) {
    if (typeof node === "string") { return unhex(node); }
    if (node.length === 2) { const left = root(node[0], shown); return inner(left, root(node[1], shown)); }
    const name = node[0], value = node[2];
    shown.push({name: name, value: value});
    return leaf([unhex(node[1]), encoder.encode(name), ZERO, encoder.encode(canonical(value))]);
  }

  // The root that a leaf leads to, from its place among `count` and its siblings (RFC 6962).
  function climbed(hash, index, count, path) {
    if (!(index >= 0 && index < count)) { throw new Error("a place is outside of its tree"); }
    let used = 0;
    for (; count > 1; index = Math.floor(index / 2), count = Math.ceil(count / 2)) {
      if (index % 2) { hash = inner(unhex(path[used]), hash); used += 1; }
      else if (index + 1 < count) { hash = inner(hash, unhex(path[used])); used += 1; }
    }
    if (used !== path.length) { throw new Error("a path is too long"); }
    return hex(hash);
  }

  function opened(voucher) {
    const row = JSON.parse(voucher.row);
    if (row.seq !== voucher.seq) { throw new Error("a ledger row is in another's place"); }
    row.digest = sha256(joined([FORMAT, unhex(voucher.previous), encoder.encode(voucher.row)]));
    row.facts = JSON.parse(row.body);
    return row;
  }

  // Ledger rows by number, with what each vouches for; throws where a row is not under the checkpoint.
  function ledger(vouchers, checkpoint) {
    const head = opened(vouchers[0]), said = head.facts.ledger, rows = new Map();
    if (head.seq + ":" + hex(head.digest) !== checkpoint) {
      throw new Error("the row of the checkpoint is not the one that is printed on this page");
    }
    vouchers.slice(1).forEach(function (voucher) {
      let row = null;
      try {
        row = opened(voucher);
        const entry = leaf([encoder.encode("ledger"), ZERO, row.digest]);
        if (climbed(entry, row.seq - 1, said.size, voucher.path || []) !== said.root) { row = null; }
      } catch (wrong) { row = null; }
      rows.set(voucher.seq, row);
    });
    return rows;
  }

  // What a proof shows: its leaves, digest and ledger row; throws where it does not lead to the row's root.
  function proved(proof, rows) {
    const shown = [], digest = root(proof.tree, shown), row = rows.get(proof.row);
    if (!row) { throw new Error("ledger row " + proof.row + ", which vouches for it, is not in the ledger of the checkpoint"); }
    const vouched = row.facts.tables.content;
    const entry = leaf([encoder.encode("content"), ZERO, digest]);
    if (climbed(entry, proof.version - vouched.first, vouched.count, proof.path || []) !== vouched.root) {
      throw new Error("its values and hashes together are not what ledger row " + proof.row + " vouches for");
    }
    return {shown: shown, digest: hex(digest), row: row};
  }

  return {ledger: ledger, proved: proved, canonical: canonical};
}());
