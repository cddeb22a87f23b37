"use strict";
// Text: how it is compared, how it is searched, and how it is put on the page with its bars and marks.
// All places are counted in code points, as the records give them. Nothing here ever makes markup out of text.

function make(name, className, text) {
  const made = document.createElement(name);
  if (className) { made.className = className; }
  if (text !== undefined) { made.textContent = text; }
  return made;
}

const Text = (function () {
  // Accents of Latin, Greek, Cyrillic, Hebrew and Arabic, and characters that only steer how text is shown.
  const DROPPED = /[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0f\ufeff]/g;
  const ALIKE = new Map([["\u00df", "ss"], ["\u03c2", "σ"], ["ı", "i"], ["ø", "o"], ["đ", "d"], ["ł", "l"], ["æ", "ae"], ["œ", "oe"]]
    .concat(Array.from("\u2018\u2019\u02bc\u02b9\u2032\u0060\u00b4\uff07", function (one) { return [one, "'"]; })));
  // Scripts in which a word is found anywhere: they are written without spaces, or put small words in front.
  const ANYWHERE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}\p{Script=Arabic}\p{Script=Hebrew}]/u;
  const LETTER = /[\p{L}\p{N}]/u;
  const BREAK = "\u001f"; // between fields, so that no phrase reaches from one into the next
  const cache = new Map();

  function foldCharacter(character) {
    if (/\s/.test(character)) { return " "; }
    const plain = ALIKE.get(character) || character.normalize("NFKD").replace(DROPPED, "").toLowerCase();
    return Array.from(plain, function (one) { return ALIKE.get(one) || one; }).join("");
  }

  // Fold text: no case, accents or runs of spaces. `origins` (where asked for) has a code point's place for each unit;
  // `humps` are the places where a word begins inside another, as in #MilbrookPool.
  function fold(text, origins) {
    const humps = new Set();
    let flat = "", place = 0, before = "";
    for (const character of text) {
      let low = cache.get(character);
      if (low === undefined) { low = foldCharacter(character); cache.set(character, low); }
      if (low === " " && flat.endsWith(" ")) { low = ""; }
      if (character >= "A" && character <= "Z" && before >= "0" && (before <= "9" || (before >= "a" && before <= "z"))) {
        humps.add(flat.length);
      }
      if (origins) { for (let unit = 0; unit < low.length; unit++) { origins.push(place); } }
      flat += low;
      place += 1;
      before = character;
    }
    return { flat: flat, humps: humps };
  }

  function letterBefore(flat, at) {
    if (at <= 0) { return ""; }
    const low = flat.charCodeAt(at - 1);
    return low >= 0xdc00 && low <= 0xdfff ? flat.slice(at - 2, at) : flat[at - 1];
  }

  function isInsideWord(character) { return LETTER.test(character) && !ANYWHERE.test(character); }

  // Where a part of a query occurs next: anywhere in scripts without spaces, else at the beginning of a word.
  function next(folded, part, from) {
    for (let at = folded.flat.indexOf(part.text, from); at >= 0; at = folded.flat.indexOf(part.text, at + 1)) {
      const stop = at + part.text.length;
      const begins = part.free || folded.humps.has(at) || !isInsideWord(letterBefore(folded.flat, at));
      const ends = !part.exact || !isInsideWord(String.fromCodePoint(folded.flat.codePointAt(stop) || 32));
      if (begins && ends) { return at; }
    }
    return -1;
  }

  // A query: every word, and every phrase in quotation marks, as parts that must all occur.
  function parts(query) {
    const found = [];
    query.replace(/[“”„«»]/g, '"').replace(/"([^"]*)"?|([^\s"]+)/g, function (_, phrase, word) {
      const text = fold(phrase || word || "").flat.trim();
      const first = String.fromCodePoint(text.codePointAt(0) || 32), last = letterBefore(text, text.length);
      if (text) {
        found.push({ text: text, free: !isInsideWord(first), exact: phrase !== undefined && isInsideWord(last) });
      }
      return "";
    });
    return found;
  }

  function matches(folded, sought) {
    return sought.every(function (part) { return next(folded, part, 0) >= 0; });
  }

  // The spans (code points) of a text that a query found.
  function marks(text, sought) {
    if (!sought.length) { return []; }
    const origins = [], folded = fold(text, origins), spans = [];
    sought.forEach(function (part) {
      for (let at = next(folded, part, 0); at >= 0; at = next(folded, part, at + part.text.length)) {
        spans.push({ start: origins[at], stop: origins[at + part.text.length - 1] + 1, name: "mark" });
      }
    });
    return spans;
  }

  function covering(spans, start) {
    return spans.filter(function (one) { return one.start <= start && start < one.stop; });
  }

  // Put a text on the page. `bars` are spans with an `element` function and are never cut; `layers` are spans with the
  // name of the element that goes around them (mark, ins, del).
  function put(parent, text, bars, layers) {
    if (!bars.length && !layers.length) { parent.appendChild(document.createTextNode(text)); return; }
    const characters = Array.from(text), cuts = new Set([0, characters.length]);
    bars.concat(layers).forEach(function (one) { cuts.add(one.start); cuts.add(one.stop); });
    const places = Array.from(cuts).filter(function (at) { return at >= 0 && at <= characters.length; })
      .sort(function (a, b) { return a - b; });
    for (let index = 0, done = 0; index + 1 < places.length; index++) {
      const start = places[index], bar = covering(bars, start)[0];
      if (start < done) { continue; }
      done = bar ? Math.min(bar.stop, characters.length) : places[index + 1];
      const words = characters.slice(start, done).join("");
      const leaf = bar ? bar.element(words) : document.createTextNode(words);
      const names = new Set(covering(layers, start).map(function (one) { return one.name; }));
      parent.appendChild(Array.from(names).reduce(function (inner, name) {
        const outer = make(name);
        outer.appendChild(inner);
        return outer;
      }, leaf));
    }
  }

  return { BREAK: BREAK, ANYWHERE: ANYWHERE, fold: fold, parts: parts, matches: matches, marks: marks, put: put };
})();
