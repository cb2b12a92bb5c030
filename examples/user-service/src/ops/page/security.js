"use strict";

const state = document.getElementById("state");
const report = document.getElementById("report");

document.getElementById("ask").addEventListener("submit", async (event) => {
  event.preventDefault();
  const token = document.getElementById("token").value.trim();
  report.replaceChildren();
  state.textContent = "Asks …";
  state.className = "";
  try {
    const response = await fetch("/security", { headers: { authorization: `Bearer ${token}` } });
    const body = await response.json();
    if (!response.ok) throw new Error(`${body.title} (${body.code})`);
    show(body);
    state.textContent = `As of ${new Date().toISOString()}.`;
  } catch (error) {
    state.textContent = error.message;
    state.className = "alarm";
  }
});

function show(body) {
  const { refusals, peers, variables, roots, pins, revocation_lists, ...facts } = body.client;
  section("Refused by the table's client", pairs(refusals, "what", "count"), "Nothing.", true);
  section("Callers refused", pairs(body.refused_callers, "code", "count"), "None.");
  section("Servers that answered last", peers, "None yet.");
  section("Ambient variables seen", variables, "None.");
  section("Trusted roots", roots, "None.");
  section("Pinned keys", pins, "None: any server with a valid chain is accepted.");
  section("Revocation lists", revocation_lists, "None.");
  section("The table's client", pairs(facts, "what", "value"), "No client was built.");
}

function pairs(of, name, value) {
  return Object.entries(of).map(([key, entry]) => ({ [name]: key, [value]: entry }));
}

function section(title, rows, none, isAlarm = false) {
  const part = element("section");
  part.append(element("h2", title));
  report.append(part);
  if (rows.length === 0) {
    part.append(element("p", none));
    return;
  }
  // What has many members is shown from top to bottom, so that it fits a phone.
  if (Object.keys(rows[0]).length > 4) {
    for (const row of rows) part.append(table(title, pairs(row, "what", "value"), isAlarm));
  } else {
    part.append(table(title, rows, isAlarm));
  }
}

function table(title, rows, isAlarm) {
  const names = Object.keys(rows[0]);
  const head = element("tr");
  head.append(...names.map((name) => column(name)));
  const made = element("table");
  made.append(element("thead"), element("tbody"));
  made.tHead.append(head);
  for (const row of rows) {
    const line = element("tr");
    for (const name of names) {
      const value = row[name];
      const cell = element("td", value !== null && typeof value === "object" ? JSON.stringify(value) : String(value ?? "–"));
      if (/^[0-9a-f]{64}$/.test(value)) cell.className = "digest";
      if (isAlarm && name === "count" && value > 0) cell.className = "alarm";
      line.append(cell);
    }
    made.tBodies[0].append(line);
  }
  const scroll = element("div");
  scroll.className = "scroll";
  scroll.tabIndex = 0;
  scroll.setAttribute("role", "region");
  scroll.setAttribute("aria-label", title);
  scroll.append(made);
  return scroll;
}

function column(name) {
  const cell = element("th", name.replaceAll("_", " "));
  cell.scope = "col";
  return cell;
}

function element(name, text = "") {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
