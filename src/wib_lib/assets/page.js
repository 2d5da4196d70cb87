/* Sorts tables by their headings and filters the rows of the index. Without this script every
   table is complete, in the order it was written. A cell sorts by what a reader sees, or by
   data-waarde; what is not there always goes last. */
(function () {
  "use strict";
  var MONTHS = ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus",
    "september", "oktober", "november", "december"];

  function dutchNumber(text) {
    var found = /[+\-\u2212]?\d[\d.]*(,\d+)?/.exec(text);
    if (!found) { return ""; }
    return found[0].replace("\u2212", "-").replace(/\./g, "").replace(",", ".");
  }

  function key(row, column) {
    var cell = row.cells[column];
    if (!cell) { return ""; }
    if (cell.hasAttribute("data-waarde")) { return cell.getAttribute("data-waarde"); }
    var text = cell.textContent.trim();
    var absent = cell.querySelector(".wib-weg");
    if (absent && absent.textContent.trim() === text) { return ""; }
    var day = /^(\d{1,2}) ([a-z]+) (\d{4})$/.exec(text);
    if (day && MONTHS.indexOf(day[2]) >= 0) {
      return String(day[3] * 10000 + (MONTHS.indexOf(day[2]) + 1) * 100 + Number(day[1]));
    }
    return cell.classList.contains("getal") ? dutchNumber(text) : text;
  }

  function compare(a, b) {
    var number = Number(a) - Number(b);
    return isNaN(number) ? a.localeCompare(b, "nl", {numeric: true}) : number;
  }

  function sortable(table) {
    var body = table.tBodies[0];
    var written = Array.prototype.slice.call(body.rows);
    var heads = Array.prototype.slice.call(table.tHead.rows[0].cells);
    var chosen = heads.filter(function (head) { return head.hasAttribute("data-sorteer"); });

    (chosen.length ? chosen : heads).forEach(function (head) {
      var column = heads.indexOf(head);
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.textContent = "";
      head.appendChild(button);
      button.addEventListener("click", function () {
        var before = head.getAttribute("aria-sort");
        var now = before === "ascending" ? "descending" : before ? "" : "ascending";
        var sign = now === "descending" ? -1 : 1;
        heads.forEach(function (other) { other.removeAttribute("aria-sort"); });
        if (now) { head.setAttribute("aria-sort", now); }
        var rows = written.slice();
        if (now) {
          rows.sort(function (one, other) {
            var a = key(one, column), b = key(other, column);
            if (a === "" || b === "") { return (a === "") - (b === ""); }
            return sign * compare(a, b);
          });
        }
        rows.forEach(function (row) { body.appendChild(row); });
      });
    });
  }

  function searchable(box) {
    var input = box.querySelector("input"), said = box.querySelector("[role=status]");
    var rows = Array.prototype.slice.call(
      document.getElementById(input.getAttribute("aria-controls")).tBodies[0].rows);
    box.hidden = false;
    input.addEventListener("input", function () {
      var words = input.value.toLocaleLowerCase("nl").split(/\s+/).filter(Boolean);
      var shown = rows.filter(function (row) {
        var text = row.textContent.toLocaleLowerCase("nl");
        row.hidden = !words.every(function (word) { return text.indexOf(word) >= 0; });
        return !row.hidden;
      });
      said.textContent = words.length ? shown.length + " van " + rows.length + " gebieden" : "";
    });
  }

  /* On a small screen a figure is shown whole; its button shows it at its own size. */
  function enlargeable(figure) {
    var frame = figure.querySelector(".wib-rol"), button = document.createElement("button");
    if (Number(frame.querySelector("img").getAttribute("width")) < 480) { return; }
    button.type = "button";
    button.className = "wib-vergroot";
    function show(large) {
      figure.classList.toggle("groot", large);
      button.textContent = large ? "Figuur passend" : "Figuur groter";
      if (large) { frame.tabIndex = 0; } else { frame.removeAttribute("tabindex"); }
    }
    button.addEventListener("click", function () { show(!figure.classList.contains("groot")); });
    show(false);
    frame.insertAdjacentElement("afterend", button);
  }

  document.querySelectorAll(".wib-figuur").forEach(enlargeable);
  document.querySelectorAll("table[data-sorteer]").forEach(sortable);
  document.querySelectorAll(".wib-zoek").forEach(searchable);

  /* A link into a folded part opens it. */
  function unfold() {
    var target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (var part = target; part; part = part.parentElement) {
      if (part.tagName === "DETAILS") { part.open = true; }
    }
  }
  window.addEventListener("hashchange", unfold);
  unfold();
})();
