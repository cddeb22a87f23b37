"use strict";
(function () {
  var PAGE = 100;
  var byNumber = new Map();
  var sizes = new Map();
  var current = [];
  var shown = 0;
  var sought = [];
  var thread = 0;

  function $(id) { return document.getElementById(id); }

  // Text as it is compared: without case and accents, in any script.
  function folded(text) {
    return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  }

  function element(name, className, text) {
    var made = document.createElement(name);
    if (className) { made.className = className; }
    if (text !== undefined) { made.textContent = text; }
    return made;
  }

  function textOf(record) {
    var parts = [record.title, record.text, record.author, record.handle, record.list_name, record.number];
    (record.attachments || []).forEach(function (one) { parts.push(one.name, one.alt); });
    (record.recipients || []).forEach(function (one) { parts.push(one); });
    (record.links || []).forEach(function (one) { parts.push(one); });
    Object.keys(record.details || {}).forEach(function (key) { parts.push(record.details[key]); });
    return folded(parts.filter(Boolean).join(" \n "));
  }

  function queryParts(text) {
    var parts = [];
    text.replace(/[“”]/g, '"').replace(/"([^"]*)"|(\S+)/g, function (_, phrase, word) {
      var part = folded(phrase || word || "").trim();
      if (part) { parts.push(part); }
      return "";
    });
    return parts;
  }

  function chosen() {
    var account = $("account").value, kind = $("kind").value, state = $("state").value;
    var from = $("from").value, to = $("to").value;
    sought = queryParts($("words").value);
    return RECORDS.filter(function (record) {
      var day = (record.local_time || "").slice(0, 10);
      return (!thread || record.conversation === thread) &&
        (!account || record.account === account) && (!kind || record.kind === kind) &&
        (!state || record.state === state) && (!from || (day && day >= from)) && (!to || (day && day <= to)) &&
        sought.every(function (part) { return record.folded.indexOf(part) >= 0; });
    });
  }

  // Marks are put around text nodes, never through markup.
  function addMarked(parent, text) {
    if (!sought.length) { parent.textContent = text; return; }
    var places = [], low = [], map = [];
    Array.from(text).forEach(function (character, index) {
      Array.from(folded(character)).forEach(function (one) { low.push(one); map.push(index); });
    });
    var flat = low.join(""), offsets = [];
    low.forEach(function (one, index) { for (var k = 0; k < one.length; k++) { offsets.push(map[index]); } });
    sought.forEach(function (part) {
      for (var at = flat.indexOf(part); at >= 0; at = flat.indexOf(part, at + part.length)) {
        places.push([offsets[at], offsets[at + part.length - 1] + 1]);
      }
    });
    places.sort(function (a, b) { return a[0] - b[0]; });
    var characters = Array.from(text), done = 0;
    places.forEach(function (place) {
      if (place[0] < done) { return; }
      parent.appendChild(document.createTextNode(characters.slice(done, place[0]).join("")));
      parent.appendChild(element("mark", "", characters.slice(place[0], place[1]).join("")));
      done = place[1];
    });
    parent.appendChild(document.createTextNode(characters.slice(done).join("")));
  }

  function safeLink(address, text) {
    if (!/^https?:\/\//i.test(address)) { return element("span", "", text); }
    var link = element("a", "", text);
    link.href = address;
    link.rel = "noopener noreferrer nofollow";
    return link;
  }

  function attachment(one) {
    var figure = element("figure");
    var type = one.media_type || "";
    if (!one.path) {
      figure.appendChild(element("figcaption", "", one.name + ": " + (one.missing || "not held")));
      return figure;
    }
    var label = one.alt || one.name;
    if (type.indexOf("image/") === 0 && type !== "image/svg+xml" && type !== "image/tiff") {
      var link = element("a"), image = element("img");
      link.href = one.path;
      image.src = one.path;
      image.alt = one.alt || "Picture without description: " + one.name;
      image.loading = "lazy";
      link.appendChild(image);
      figure.appendChild(link);
    } else if (type.indexOf("video/") === 0 || type.indexOf("audio/") === 0) {
      var player = element(type.slice(0, 5));
      player.controls = true;
      player.preload = "metadata";
      player.src = one.path;
      player.setAttribute("aria-label", label);
      figure.appendChild(player);
    }
    var caption = element("figcaption"), file = element("a", "", one.name);
    file.href = one.path;
    caption.appendChild(file);
    if (one.alt) { caption.appendChild(document.createTextNode(" – " + one.alt)); }
    figure.appendChild(caption);
    return figure;
  }

  function header(record) {
    var who = element("div", "who");
    var name = element("span", "name");
    name.dir = "auto";
    addMarked(name, record.author || record.handle || (record.author_id
      ? "account " + record.author_id + " (the backup gives no name)" : "author not named in the backup"));
    who.appendChild(name);
    if (record.handle && record.handle !== record.author) {
      var handle = element("span", "handle");
      addMarked(handle, record.handle);
      who.appendChild(handle);
    }
    if (record.by_account) { who.appendChild(element("span", "city", "the city")); }
    var time = element("time", "", record.local_time || "date not known");
    if (record.created_at) { time.dateTime = record.created_at; }
    who.appendChild(time);
    who.appendChild(element("span", "", (record.account_title || record.account) + ", " + record.kind));
    who.appendChild(element("span", "number", "No. " + record.number));
    return who;
  }

  function facts(record) {
    var more = element("details"), list = element("dl", "facts");
    more.appendChild(element("summary", "", "More about this record"));
    function row(name, value) {
      if (!value) { return; }
      list.appendChild(element("dt", "", name));
      var cell = element("dd", name === "Digest" ? "mono" : "");
      if (name === "Address") { cell.appendChild(safeLink(value, value)); } else { cell.textContent = value; }
      list.appendChild(cell);
    }
    row("To", (record.recipients || []).join("; "));
    row("List", record.list_name);
    row("Audience", record.audience);
    row("Address", record.url);
    Object.keys(record.details || {}).forEach(function (key) { row(key.replace(/_/g, " "), record.details[key]); });
    row("Taken in", (record.captured_at || "").slice(0, 10) + ", backup " + record.accession);
    row("Record", record.record + ", version " + record.version);
    row("Digest", record.digest);
    if (record.native_path) {
      list.appendChild(element("dt", "", "As the platform gave it"));
      var cell = element("dd"), link = element("a", "", record.native_path);
      link.href = record.native_path;
      cell.appendChild(link);
      list.appendChild(cell);
    }
    more.appendChild(list);
    return more;
  }

  function card(record) {
    var made = element("article", thread && record.parent_number ? "reply" : "");
    made.id = "r" + record.number;
    made.appendChild(header(record));
    if (record.title) {
      var title = element("h3");
      title.dir = "auto";
      addMarked(title, record.title);
      made.appendChild(title);
    }
    if (record.state_note || record.standing === "superseded") {
      var note = record.standing === "superseded" ? "An earlier version of this record. " : "";
      made.appendChild(element("p", "state", note + (record.state_note || "")));
    }
    var text = element("div", "text");
    text.dir = "auto";
    addMarked(text, record.text || "");
    if (record.text) { made.appendChild(text); }
    if (record.attachments) {
      var list = element("ul", "media");
      record.attachments.forEach(function (one) {
        var item = element("li");
        item.appendChild(attachment(one));
        list.appendChild(item);
      });
      made.appendChild(list);
    }
    var foot = element("div", "foot");
    var inThread = sizes.get(record.conversation) || 0;
    if (record.conversation && inThread > 1 && !thread) {
      var button = element("button", "", "Show the conversation (" + inThread + " records)");
      button.type = "button";
      button.addEventListener("click", function () { enter(record); });
      foot.appendChild(button);
    }
    if (record.parent_number) { foot.appendChild(element("span", "", "in reply to No. " + record.parent_number)); }
    if (foot.childNodes.length) { made.appendChild(foot); }
    made.appendChild(facts(record));
    return made;
  }

  function draw(reset) {
    var place = $("records");
    if (reset) { place.textContent = ""; shown = 0; }
    var next = current.slice(shown, shown + PAGE), piece = document.createDocumentFragment();
    next.forEach(function (record) { piece.appendChild(card(record)); });
    place.appendChild(piece);
    shown += next.length;
    var left = current.length - shown;
    $("more").hidden = left <= 0;
    $("more").textContent = "Show " + Math.min(left, PAGE) + " more (" + left.toLocaleString("en-US") + " left)";
    var all = RECORDS.length.toLocaleString("en-US"), found = current.length.toLocaleString("en-US");
    $("count").textContent = (current.length === RECORDS.length ? "All " + all : found + " of " + all) + " records" +
      (left > 0 ? "; the first " + shown.toLocaleString("en-US") + " are shown." : ".");
  }

  function refresh() {
    current = chosen();
    if ($("order").value === "new" && !thread) { current.reverse(); }
    draw(true);
  }

  function enter(record) {
    thread = record.conversation;
    ["words", "account", "kind", "state", "from", "to"].forEach(function (id) { $(id).value = ""; });
    var first = byNumber.get(thread) || record;
    var title = first.title || (first.text || "").slice(0, 80) || "conversation";
    $("thread-title").textContent = "Conversation: " + title;
    $("thread").hidden = false;
    refresh();
    var target = $("r" + record.number);
    if (target) { target.classList.add("shown"); target.scrollIntoView({ block: "center" }); }
    $("leave").focus({ preventScroll: true });
  }

  function leave() {
    thread = 0;
    $("thread").hidden = true;
    refresh();
    $("words").focus();
  }

  function fillChoices(id, label) {
    var counts = new Map();
    RECORDS.forEach(function (record) { counts.set(record[id], (counts.get(record[id]) || 0) + 1); });
    Array.from(counts.keys()).sort().forEach(function (value) {
      var option = element("option", "", label(value) + " (" + counts.get(value).toLocaleString("en-US") + ")");
      option.value = value;
      $(id).appendChild(option);
    });
  }

  function start() {
    if (RECORDS.length === 0 && document.querySelector("script[src]")) { $("broken").hidden = false; return; }
    var titles = new Map();
    RECORDS.forEach(function (record) {
      record.folded = textOf(record);
      byNumber.set(record.number, record);
      if (record.conversation) { sizes.set(record.conversation, (sizes.get(record.conversation) || 0) + 1); }
      titles.set(record.account, record.account_title || record.account);
    });
    fillChoices("account", function (value) { return titles.get(value); });
    fillChoices("kind", function (value) { return value; });
    fillChoices("state", function (value) { return value; });
    var waiting = 0;
    $("words").addEventListener("input", function () { clearTimeout(waiting); waiting = setTimeout(refresh, 120); });
    ["account", "kind", "state", "from", "to", "order"].forEach(function (id) {
      $(id).addEventListener("change", refresh);
    });
    $("find").addEventListener("submit", function (event) { event.preventDefault(); refresh(); });
    $("more").addEventListener("click", function () {
      var before = shown;
      draw(false);
      var first = $("records").children[before];
      if (first) { first.tabIndex = -1; first.focus({ preventScroll: true }); }
    });
    $("leave").addEventListener("click", leave);
    refresh();
    var asked = /^#r(\d+)$/.exec(location.hash);
    if (asked && byNumber.has(Number(asked[1]))) {
      while (!$("r" + asked[1]) && shown < current.length) { draw(false); }
      $("r" + asked[1]).scrollIntoView();
    }
  }

  start();
})();
