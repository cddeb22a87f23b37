"use strict";
// SHA-256 (FIPS 180-4), since a page opened from disk is not given the browser's own everywhere.

const sha256 = (function () {
  const primes = [];
  for (let one = 2; primes.length < 64; one += 1) {
    if (primes.every(function (prime) { return one % prime; })) { primes.push(one); }
  }
  // The first 32 bits of the fractional parts of roots of the first primes. A double has bits enough for these.
  function bits(root) { return Math.floor((root - Math.floor(root)) * 4294967296) | 0; }
  const K = Int32Array.from(primes, function (prime) { return bits(Math.cbrt(prime)); });
  const START = Int32Array.from(primes.slice(0, 8), function (prime) { return bits(Math.sqrt(prime)); });
  const W = new Int32Array(64);

  function turned(word, by) { return (word >>> by) | (word << (32 - by)); }

  function block(state, bytes, at) {
    for (let i = 0; i < 16; i += 1, at += 4) {
      W[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    }
    for (let i = 16; i < 64; i += 1) {
      const x = W[i - 15], y = W[i - 2];
      const s0 = turned(x, 7) ^ turned(x, 18) ^ (x >>> 3), s1 = turned(y, 17) ^ turned(y, 19) ^ (y >>> 10);
      W[i] = (W[i - 16] + s0 + W[i - 7] + s1) | 0;
    }
    let a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
    for (let i = 0; i < 64; i += 1) {
      const s1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25), t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
      const s0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22), t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
    }
    const next = [a, b, c, d, e, f, g, h];
    for (let i = 0; i < 8; i += 1) { state[i] = (state[i] + next[i]) | 0; }
  }

  // Takes and returns a Uint8Array.
  return function (bytes) {
    const state = START.slice(), whole = bytes.length - bytes.length % 64;
    for (let at = 0; at < whole; at += 64) { block(state, bytes, at); }
    const rest = bytes.length - whole, last = new Uint8Array(rest < 56 ? 64 : 128), view = new DataView(last.buffer);
    last.set(bytes.subarray(whole));
    last[rest] = 0x80;
    view.setUint32(last.length - 8, Math.floor(bytes.length / 536870912));
    view.setUint32(last.length - 4, (bytes.length << 3) >>> 0);
    for (let at = 0; at < last.length; at += 64) { block(state, last, at); }
    const digest = new Uint8Array(32), out = new DataView(digest.buffer);
    state.forEach(function (word, i) { out.setInt32(i * 4, word); });
    return digest;
  };
}());
