"use strict";
// What an edit changed: the words of two texts that have no counterpart in the other.

const Diff = (function () {
  const LARGEST = 16e6; // cells of the table of common words; beyond it everything between the ends counts as changed

  // Words, single characters of scripts without spaces, runs of spaces, and everything else one by one.
  function tokens(text) {
    let place = 0;
    return (text.match(/[\p{L}\p{N}\p{M}]+(?:['’][\p{L}\p{N}\p{M}]+)*|\s+|[^]/gu) || []).flatMap(function (found) {
      return Text.ANYWHERE.test(found) ? Array.from(found) : [found];
    }).map(function (word) {
      const start = place;
      place += Array.from(word).length;
      return { word: word, start: start, stop: place };
    });
  }

  // How many tokens are common after each pair of places: row by row, from the end.
  function common(before, after) {
    const width = after.length + 1, table = new Uint16Array((before.length + 1) * width);
    for (let i = before.length - 1; i >= 0; i--) {
      for (let j = after.length - 1; j >= 0; j--) {
        table[i * width + j] = before[i].word === after[j].word ? table[(i + 1) * width + j + 1] + 1
          : Math.max(table[(i + 1) * width + j], table[i * width + j + 1]);
      }
    }
    return table;
  }

  function walk(before, after) {
    if (before.length * after.length > LARGEST || Math.min(before.length, after.length) > 65000) {
      return { gone: before, come: after };
    }
    const table = common(before, after), width = after.length + 1, gone = [], come = [];
    let i = 0, j = 0;
    while (i < before.length && j < after.length) {
      if (before[i].word === after[j].word) { i++; j++; }
      else if (table[(i + 1) * width + j] >= table[i * width + j + 1]) { gone.push(before[i++]); }
      else { come.push(after[j++]); }
    }
    return { gone: gone.concat(before.slice(i)), come: come.concat(after.slice(j)) };
  }

  // Neighbours become one span, over a space between them too.
  function spans(words, text, name) {
    const characters = Array.from(text), joined = [];
    words.forEach(function (one) {
      const last = joined[joined.length - 1];
      if (last && !characters.slice(last.stop, one.start).join("").trim()) { last.stop = one.stop; }
      else { joined.push({ start: one.start, stop: one.stop, name: name }); }
    });
    return joined;
  }

  // Return the spans (code points) that only the earlier and only the later text has.
  function compare(earlier, later) {
    const before = tokens(earlier), after = tokens(later);
    let head = 0, tail = 0;
    const shorter = Math.min(before.length, after.length);
    while (head < shorter && before[head].word === after[head].word) { head++; }
    while (tail < shorter - head && before[before.length - 1 - tail].word === after[after.length - 1 - tail].word) { tail++; }
    const found = walk(before.slice(head, before.length - tail), after.slice(head, after.length - tail));
    return { earlier: spans(found.gone, earlier, "del"), later: spans(found.come, later, "ins") };
  }

  return { compare: compare };
})();
