// What is read: a building, a legend, the table of figures. Text only ever becomes text, never markup.

const words = window.TWIN.words ?? {};

// English words of the page in its own language; data are in it already
export const say = (text, ...values) =>
  values.reduce((all, value, number) => all.replace(`{${number}}`, value), words[text] ?? text);

export function translate(root) {
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode.nodeValue.trim();
    if (text in words) texts.currentNode.nodeValue = texts.currentNode.nodeValue.replace(text, words[text]);
  }
  for (const element of root.querySelectorAll("[title], [aria-label]")) {
    for (const name of ["title", "aria-label"]) {
      if (element.hasAttribute(name)) element.setAttribute(name, say(element.getAttribute(name)));
    }
  }
}

function made(tag, text, parent) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  parent?.append(element);
  return element;
}

export function facts(card, row, close) {
  card.replaceChildren();
  const button = made("button", "×", card);
  button.type = "button";
  button.className = "close";
  button.setAttribute("aria-label", say("Close (Esc)"));
  button.addEventListener("click", close);
  made("h2", row.title, card);
  made("p", row.kind, card).className = "muted";
  const list = made("dl", undefined, card);
  for (const [name, value] of row.facts) {
    made("dt", name, list);
    made("dd", value, list);
  }
}

export function legend(place, overlay) {
  place.hidden = !overlay;
  place.replaceChildren();
  if (!overlay) return;
  const { title, unit, entries, note, source } = overlay.legend;
  made("h2", unit ? `${title} [${unit}]` : title, place);
  const list = made("ul", undefined, place);
  for (const [text, colour] of entries) {
    const line = made("li", undefined, list);
    const box = made("span", undefined, line);
    box.className = "swatch";
    box.style.background = colour;
    made("span", text, line);
  }
  for (const text of [note, source]) if (text) made("p", text, place).className = "muted";
}

export function figures(table, scenarios, chosen) {
  table.replaceChildren();
  const before = scenarios[0].figures;
  const now = scenarios[chosen].figures;
  const head = made("tr", undefined, made("thead", undefined, table));
  for (const text of ["", scenarios[chosen].title, ...(chosen ? [say("against {0}", scenarios[0].title)] : [])]) {
    made("th", text, head).scope = "col";
  }
  const body = made("tbody", undefined, table);
  for (const [name, unit, value, decimals] of now) {
    const line = made("tr", undefined, body);
    made("th", unit ? `${name} [${unit}]` : name, line).scope = "row";
    const written = (number) => number.toLocaleString(window.TWIN.language ?? "en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    made("td", written(value), line);
    if (chosen) {
      const other = before.find((each) => each[0] === name);
      const by = value - (other ? other[2] : 0);
      made("td", Math.abs(by) < 1e-9 ? "=" : `${by > 0 ? "+" : "−"}${written(Math.abs(by))}`, line);
    }
  }
}
