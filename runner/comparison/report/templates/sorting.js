// What has no value comes last, whichever way the rest is sorted.
const sortRows = (heading, table) => {
  const column = [...heading.parentElement.children].indexOf(heading);
  const isNumber = heading.dataset.kind === "number";
  const opposite = { ascending: "descending", descending: "ascending" };
  const order = opposite[heading.getAttribute("aria-sort")] ?? heading.dataset.first;
  const direction = order === "ascending" ? 1 : -1;
  const valueOf = (row) => {
    const cell = row.children[column];
    if (!isNumber) return cell.textContent.trim();
    return cell.dataset.value === "" ? NaN : Number(cell.dataset.value);
  };
  const compare = (a, b) => {
    if (!isNumber) return direction * a.localeCompare(b, undefined, { numeric: true });
    if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) - Number.isNaN(b);
    return direction * (a - b);
  };
  const body = table.tBodies[0];
  body.append(...[...body.rows].sort((a, b) => compare(valueOf(a), valueOf(b))));
  for (const other of heading.parentElement.children) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", order);
};

for (const table of document.querySelectorAll("table.sortable")) {
  const headings = table.tHead.rows[0].children;
  headings[0].setAttribute("aria-sort", "ascending");
  for (const heading of headings) {
    heading.firstElementChild.addEventListener("click", () => sortRows(heading, table));
  }
}
