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
    state.textContent = `As of ${written(new Date().toISOString())}.`;
  } catch (error) {
    state.textContent = error.message;
    state.className = "alarm";
  }
});

function show(body) {
  const { refusals, peers, variables, roots, pins, revocation_lists, ...facts } = body.client;
  glance(body);
  section("Refused by the table's client", counts(refusals), "Nothing.", true);
  section("Callers refused", counts(body.refused_callers), "None.");
  section("Servers that answered last", peers, "None yet.");
  section("Ambient variables seen", variables, "None.");
  section("Trusted roots", roots, "None.");
  section("Pinned keys", pins, "None: any server with a valid chain is accepted.");
  section("Revocation lists", revocation_lists, "None.");
  section("The table's client", pairs(facts), "No client was built.");
}

// What one wants to know first.
function glance({ client, refused_callers }) {
  const sum = (of) => Object.values(of).reduce((total, count) => total + count, 0);
  const [peer] = client.peers;
  const refused = sum(client.refusals);
  const tiles = element("dl");
  for (const [name, value, isAlarm] of [
    ["Refused by the table's client", refused, refused > 0],
    ["Callers refused", sum(refused_callers)],
    ["Ambient variables seen", client.variables.length, client.variables.length > 0],
    ["Last connection", peer ? peer.tls_version.replace("TLSv1_", "TLS 1.") : "none yet"],
    ["Key exchange", peer ? peer.key_exchange_group : "none yet"],
  ]) {
    const tile = element("div");
    tile.append(element("dt", name), element("dd", String(value)));
    if (isAlarm) tile.className = "alarm";
    tiles.append(tile);
  }
  report.append(tiles);
}

function counts(of) {
  return Object.entries(of).map(([what, count]) => ({ what, count }));
}

// What has members of its own is a line for each of them.
function pairs(of, above = "") {
  return Object.entries(of).flatMap(([name, value]) => {
    const what = above ? `${above}: ${name}` : name;
    const isNested = value !== null && typeof value === "object" && !Array.isArray(value);
    return isNested ? pairs(value, what) : [{ what, value }];
  });
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
  if (Object.keys(rows[0]).length > 2) {
    rows.forEach((row, at) => {
      const name = rows.length > 1 ? `${title}, ${at + 1}` : title;
      part.append(table(name, pairs(row), isAlarm));
    });
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
      const cell = element("td", name === "what" ? spaced(value) : written(value));
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

function written(value) {
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(written).join(", ");
  if (value !== null && typeof value === "object") return JSON.stringify(value);
  // To the second, which is enough for a person.
  return String(value ?? "–").replace(/^([0-9-]{10}T[0-9:]{8})\.[0-9]+Z$/, "$1Z");
}

function spaced(name) {
  return name.replaceAll("_", " ");
}

function column(name) {
  const cell = element("th", spaced(name));
  cell.scope = "col";
  return cell;
}

function element(name, text = "") {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
