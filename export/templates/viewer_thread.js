"use strict";
// A conversation as a tree: what answers what.

const Thread = (function () {
  const DEEPEST = 6; // levels that are set in; what is deeper stands at the deepest, and says what it answers

  // Return a conversation's records, each after what it answers: [{ record, under }], `under` being the number of the
  // record whose replies it stands among, 0 at the top. Records that answer each other in a circle stand at the top.
  function ordered(records) {
    const here = new Set(records.map(function (one) { return one.number; })), replies = new Map(), seen = new Set(), found = [];
    const tops = records.filter(function (one) {
      if (!here.has(one.parent_number) || one.parent_number === one.number) { return true; }
      replies.set(one.parent_number, (replies.get(one.parent_number) || []).concat(one));
      return false;
    });
    tops.concat(records).forEach(function (top) {
      const waiting = [{ record: top, under: 0, depth: 0 }];
      while (waiting.length) {
        const one = waiting.pop();
        if (seen.has(one.record.number)) { continue; }
        seen.add(one.record.number);
        found.push(one);
        const isDeepest = one.depth >= DEEPEST, under = isDeepest ? one.under : one.record.number;
        (replies.get(one.record.number) || []).slice().reverse().forEach(function (reply) {
          waiting.push({ record: reply, under: under, depth: isDeepest ? one.depth : one.depth + 1 });
        });
      }
    });
    return found;
  }

  return { ordered: ordered };
})();
