"use strict";
// One record as a card: who, when, what became of it, its words with bars, its attachments and its facts.

const Card = (function () {
  const STATES = {
    present: "still at the source", edited: "edited", deleted: "no longer at the source", hidden: "hidden at the source",
    withheld: "withheld",
  };
  const PLACES = {
    text: "in the text", title: "in the title", author: "in the author’s name", handle: "in the handle", url: "in the address",
    recipients: "in a recipient", links: "in a link", tags: "in a tag", mentions: "in a mention",
  };

  function capital(words) { return words.charAt(0).toUpperCase() + words.slice(1); }

  function cited(ground) { return [ground.citation, ground.title].filter(Boolean).join(", "); }

  function because(ground) { return cited(ground) + (ground.reason ? ": " + ground.reason : ""); }

  function named(record) { return "No. " + record.number + (record.bates ? " (" + record.bates + ")" : ""); }

  function linkTo(number, words) {
    const link = make("a", "", words);
    link.href = "#r" + number;
    return link;
  }

  // The bars of one released value; a bar leads to its reason.
  function bars(record, field) {
    return (record.redactions || []).filter(function (one) { return one.field === field && one.stop > one.start; })
      .map(function (one) {
        return { start: one.start, stop: one.stop, element: function (words) {
          const bar = make("a", "bar", words);
          bar.href = "#why-" + record.number + "-" + one.number;
          bar.title = "Blacked out: " + because(one.ground);
          return bar;
        } };
      });
  }

  function value(record, name, field, words, className, layers) {
    const made = make(name, className);
    made.dir = "auto";
    Text.put(made, words, bars(record, field), layers || Text.marks(words, Card.sought));
    return made;
  }

  function address(record, field, words) {
    if (bars(record, field).length || !/^https?:\/\//i.test(words)) { return value(record, "span", field, words); }
    const link = value(record, "a", field, words);
    link.href = words;
    link.rel = "noopener noreferrer nofollow";
    return link;
  }

  function author(record) {
    if (record.author) { return value(record, "span", "author", record.author, "name"); }
    if (record.handle) { return value(record, "span", "handle", record.handle, "name"); }
    return make("span", "name", record.author_id ? "account " + record.author_id + " (the backup gives no name)"
      : "author not named in the backup");
  }

  function number(record) {
    const link = linkTo(record.number, "No. " + record.number);
    link.className = "number";
    if (record.bates) { link.appendChild(make("span", "bates", record.bates)); }
    return link;
  }

  function when(record) {
    const time = make("time", "", record.local_time || "date not known");
    if (record.created_at) { time.dateTime = record.created_at; }
    return time;
  }

  function header(record) {
    const who = make("header", "who"), heading = make("h3");
    heading.id = "h" + record.number;
    heading.appendChild(make("span", "aloud", "No. " + record.number + ", "));
    heading.appendChild(record.withheld ? make("span", "name", "Withheld") : author(record));
    who.appendChild(heading);
    if (record.author && record.handle && record.handle !== record.author) {
      who.appendChild(value(record, "span", "handle", record.handle));
    }
    if (record.by_account) { who.appendChild(make("span", "city", "the city")); }
    who.appendChild(when(record));
    who.appendChild(make("span", "", (record.account_title || record.account) + ", " + record.kind));
    who.appendChild(number(record));
    return who;
  }

  function note(strong, words) {
    const made = make("p", "state");
    if (strong) { made.appendChild(make("strong", "", strong)); }
    made.appendChild(document.createTextNode((strong && words ? " " : "") + (words || "")));
    return made;
  }

  function notes(record) {
    const made = [];
    if (record.decision === "undecided") { made.push(note("Not decided yet.", "Nobody has decided yet whether this record goes out.")); }
    if (record.standing === "superseded") { made.push(note("An earlier version of this record.", "")); }
    const state = record.state_note || record.standing !== "superseded" ? record.state : "present";
    if (state === "edited") { made.push(note(record.state_note ? "" : "Edited.", record.state_note)); }
    else if (state !== "present") { made.push(note(capital(STATES[state] || state) + ".", record.state_note)); }
    else if (record.state_note) { made.push(note("", record.state_note)); }
    if (record.context) { made.push(make("p", "context", "This record goes out as context of its conversation.")); }
    return made;
  }

  function where(record, one) {
    const parts = one.field.split(".");
    if (parts[0] === "details") { return "in “" + parts.slice(1).join(".").replace(/_/g, " ") + "”"; }
    if (parts[0] === "attachments") {
      const file = (record.attachments || [])[Number(parts[1])];
      return "in the attachment" + (file ? " “" + file.name + "”" : "");
    }
    return PLACES[parts[0]] || "in this record";
  }

  function reasons(record) {
    const made = make("section", "why"), list = make("ul");
    const heading = make("h4", "", "What is blacked out here and why");
    made.appendChild(heading);
    record.redactions.forEach(function (one) {
      const item = make("li");
      item.id = "why-" + record.number + "-" + one.number;
      item.tabIndex = -1;
      item.appendChild(make("span", "bar", one.marker));
      item.appendChild(document.createTextNode(" " + where(record, one) + (one.place ? ", " + one.place : "") + ". "));
      item.appendChild(make("strong", "", cited(one.ground) + "."));
      if (one.ground.reason) { item.appendChild(document.createTextNode(" " + one.ground.reason)); }
      list.appendChild(item);
    });
    made.appendChild(list);
    return made;
  }

  function facts(record) {
    const more = make("details", "facts-of"), list = make("dl", "facts");
    more.appendChild(make("summary", "", "More about this record"));
    function row(name, cells) {
      const found = cells.filter(Boolean);
      if (!found.length) { return; }
      list.appendChild(make("dt", "", name));
      found.forEach(function (cell) {
        const dd = make("dd");
        dd.appendChild(typeof cell === "string" ? document.createTextNode(cell) : cell);
        list.appendChild(dd);
      });
    }
    function all(field, show) {
      return (record[field] || []).map(function (words, index) { return show(record, field + "." + index, words); });
    }
    function plain(_, field, words) { return value(record, "span", field, words); }
    if (!isShort(record.recipients)) { row("To", all("recipients", plain)); }
    row("List", [record.list_name]);
    row("Joined", [record.joined]);
    row("Left", [record.left]);
    row("Audience", [record.audience]);
    row("Address", [record.url && address(record, "url", record.url)]);
    row("Links", all("links", address));
    row("Tags", all("tags", plain));
    row("Mentions", all("mentions", plain));
    Object.keys(record.details || {}).forEach(function (key) {
      row(capital(key.replace(/_/g, " ")), [plain(record, "details." + key, record.details[key])]);
    });
    row("Number", [record.bates]);
    row("Taken in", [record.captured_at && record.captured_at.slice(0, 10) + ", backup " + record.accession]);
    row("Record", ["" + record.record + ", version " + record.version]);
    row("Digest", [record.digest && make("span", "mono", record.digest)]);
    row("As the platform gave it", [record.native_path && file(record.native_path)]);
    row("Made anew from what is released", [record.rebuilt_path && file(record.rebuilt_path)]);
    more.appendChild(list);
    return more;
  }

  function file(path) {
    const link = make("a", "", path);
    link.href = path;
    return link;
  }

  function isShort(recipients) { return recipients && recipients.length <= 5; }

  function recipients(record) {
    const made = make("p", "to");
    record.recipients.forEach(function (words, index) {
      if (index) { made.appendChild(document.createTextNode("; ")); }
      made.appendChild(value(record, "span", "recipients." + index, words));
    });
    return made;
  }

  function attachments(record) {
    const list = make("ul", "media");
    record.attachments.forEach(function (one, index) {
      const item = make("li");
      const inName = bars(record, "attachments." + index);
      item.appendChild(Media.figure(one, function (place) {
        Text.put(place, one.name, inName, Text.marks(one.name, Card.sought));
      }, inName.length > 0));
      list.appendChild(item);
    });
    return list;
  }

  function withheld(record) {
    const made = [make("p", "placeholder", named(record) + " was withheld: " + because(record.withheld))];
    const about = [];
    if (record.author) { about.push("by " + record.author); }
    if (isShort(record.recipients)) { about.push(record.recipients.join("; ")); }
    if (record.attachments) { about.push("with " + record.attachments + (record.attachments === 1 ? " attachment" : " attachments")); }
    if (about.length) { made.push(make("p", "about", capital(about.join(", ")) + ".")); }
    return made;
  }

  function body(record) {
    const made = [];
    if (record.title) { made.push(value(record, "h4", "title", record.title, "title")); }
    if (isShort(record.recipients)) { made.push(recipients(record)); }
    made.push.apply(made, notes(record));
    if (record.text) { made.push(value(record, "div", "text", record.text, "text")); }
    if (record.attachments) { made.push(attachments(record)); }
    if (record.redactions) { made.push(reasons(record)); }
    return made;
  }

  // Return a card; `foot` are the elements under it that depend on the other records.
  function card(record, foot) {
    const made = make("article", record.withheld ? "withheld" : "");
    made.id = "r" + record.number;
    made.tabIndex = -1;
    made.setAttribute("aria-labelledby", "h" + record.number);
    made.appendChild(header(record));
    (record.withheld ? withheld(record) : body(record)).forEach(function (one) { made.appendChild(one); });
    if (foot.length) {
      const place = make("div", "foot");
      foot.forEach(function (one) { place.appendChild(one); });
      made.appendChild(place);
    }
    if (!record.withheld) { made.appendChild(facts(record)); }
    return made;
  }

  return { sought: [], STATES: STATES, capital: capital, card: card, value: value, named: named, linkTo: linkTo, because: because, when: when };
})();
