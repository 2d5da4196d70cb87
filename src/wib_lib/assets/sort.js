/* Sorts the index by a click on a heading. Without this script the table is complete, in the
   order it was written; values come from data-waarde, and an empty one always goes last. */
(function () {
  "use strict";
  document.querySelectorAll("table[data-sorteer]").forEach(function (table) {
    var body = table.tBodies[0];
    var heads = Array.prototype.slice.call(table.tHead.rows[0].cells);

    function key(row, column) {
      var cell = row.cells[column];
      return cell ? cell.getAttribute("data-waarde") || "" : "";
    }

    function compare(a, b, sign) {
      if (a === "" || b === "") { return (a === "") - (b === ""); }
      var number = Number(a) - Number(b);
      return sign * (isNaN(number) ? a.localeCompare(b, "nl") : number);
    }

    heads.forEach(function (head, column) {
      if (!head.hasAttribute("data-sorteer")) { return; }
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.textContent = "";
      head.appendChild(button);
      button.addEventListener("click", function () {
        var up = head.getAttribute("aria-sort") !== "ascending";
        heads.forEach(function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        Array.prototype.slice.call(body.rows)
          .sort(function (a, b) { return compare(key(a, column), key(b, column), up ? 1 : -1); })
          .forEach(function (row) { body.appendChild(row); });
      });
    });
  });
})();
