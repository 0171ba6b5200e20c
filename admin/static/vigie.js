/* Small comforts; every page works without them. */
"use strict";

/* The queue looks anew by itself; the focus and an open list stay where they are. */
const live = document.querySelector("[data-live]");
if (live) {
  let shown = live.innerHTML;
  const say = document.querySelector("[data-say]");
  const alarms = () => Number(live.querySelector("[data-alarms]")?.dataset.alarms || 0);
  const title = document.title;
  const mark = () => { document.title = (alarms() ? "(" + alarms() + " P1) " : "") + title; };
  mark();
  const anew = async () => {
    if (document.activeElement && document.activeElement.tagName === "SELECT") { return; }
    const answer = await fetch(live.dataset.live, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer || !answer.ok || answer.redirected) { return; }
    const fresh = await answer.text();
    if (fresh === shown) { return; }
    const had = alarms();
    const focus = document.activeElement?.id;
    const ticked = [...live.querySelectorAll("input:checked")].map((one) => one.id);
    live.innerHTML = shown = fresh;
    for (const id of ticked) { const box = document.getElementById(id); if (box) { box.checked = true; } }
    document.dispatchEvent(new Event("change"));
    if (focus) { document.getElementById(focus)?.focus({ preventScroll: true }); }
    if (alarms() > had && say) { say.textContent = live.querySelector("#alarms")?.textContent || ""; }
    mark();
  };
  /* Told at once where the server can tell; asked now and then in any case, for clocks go on. */
  let told = false;
  if (window.EventSource && live.dataset.changes) {
    const stream = new EventSource(live.dataset.changes);
    stream.onopen = () => { told = true; };
    stream.onerror = () => { told = false; };
    stream.onmessage = anew;
  }
  let beats = 0;
  setInterval(() => { beats += 1; if (!told || beats % 8 === 0) { anew(); } }, 4000);
}

/* An emergency that nobody has is told on every page. */
const alarm = document.querySelector("[data-alarm]");
if (alarm) {
  const link = alarm.firstElementChild;
  const listen = async () => {
    const answer = await fetch(alarm.dataset.alarm).catch(() => null);
    if (!answer || !answer.ok || answer.redirected) { return; }
    const { said } = await answer.json();
    if (link.textContent !== said) { link.textContent = said; link.hidden = !said; }
  };
  listen();
  setInterval(listen, 8000);
}

/* A lease is kept while its page is open; it comes back to the queue when the page is left. */
const leased = document.querySelector("[data-renew]");
if (leased) {
  const beat = setInterval(async () => {
    const answer = await fetch(leased.dataset.renew, { method: "POST", headers: { "X-Token": leased.dataset.token } }).catch(() => null);
    if (!answer) { return; }
    const badge = leased.querySelector("[data-lease]");
    if (answer.ok) { badge.textContent = (await answer.json()).said; return; }
    clearInterval(beat);
    const lost = leased.querySelector("[data-lost]");
    badge.textContent = lost.textContent = lost.dataset.lost;
    badge.className = "flag stop";
  }, 60000);
}

/* A page that has grown old says so; it is not changed under somebody's hands. */
const news = document.querySelector("[data-news]");
if (news) {
  const look = setInterval(async () => {
    const answer = await fetch(news.dataset.news).catch(() => null);
    if (!answer || !answer.ok || answer.redirected) { return; }
    if ((await answer.json()).mark === news.dataset.mark) { return; }
    clearInterval(look);
    const idle = ![...document.querySelectorAll("main textarea")].some((box) => box.value)
      && !document.activeElement.closest("main form") && !document.querySelector("main details[open]");
    if (idle) { location.reload(); } else { news.firstElementChild.hidden = false; }
  }, 5000);
}

/* A talk opens at its end. */
for (const talk of document.querySelectorAll("[data-end]")) { talk.scrollTop = talk.scrollHeight; }

/* A prepared text fills the box, and may be changed there. */
for (const list of document.querySelectorAll("[data-fill]")) {
  list.addEventListener("change", () => {
    const box = document.getElementById(list.dataset.fill);
    box.value = list.value;
    const aside = document.getElementById("aside");
    const said = list.selectedOptions[0].dataset.aside || "";
    if (aside) { aside.hidden = !said; aside.lastElementChild.textContent = said; }
    box.dispatchEvent(new Event("input"));
    box.focus();
  });
}

/* What a text costs, as it is typed. */
for (const box of document.querySelectorAll("[data-count]")) {
  let waiting;
  const count = async () => {
    const to = box.form.querySelector("[data-channel]");
    const channel = to ? to.selectedOptions[0].dataset.channel : "sms";
    const body = new URLSearchParams({ text: box.value, channel });
    const answer = await fetch(box.dataset.count, { method: "POST", body, headers: { "X-Token": box.dataset.token } }).catch(() => null);
    if (answer && answer.ok) { document.getElementById("cost").textContent = (await answer.json()).said; }
  };
  box.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(count, 250); });
}

/* A view's address is what is handed on: its filters stand in it. */
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) { continue; }
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(location.href).catch(() => null);
    button.textContent = button.dataset.done;
  });
}

/* Several lines are chosen for one act: all that are shown, or one by one. */
const bulk = document.getElementById("bulk");
if (bulk) {
  const boxes = () => [...document.querySelectorAll("input[name=who]")];
  const every = bulk.querySelector("[data-every]");
  every.parentElement.hidden = false;
  every.addEventListener("change", () => { for (const box of boxes()) { box.checked = every.checked; } });
  document.addEventListener("change", () => {
    const many = boxes().filter((box) => box.checked).length;
    bulk.querySelector("[data-chosen]").textContent = many ? "(" + many + ")" : "";
    every.checked = many > 0 && many === boxes().length;
  });
}

/* A chain is walked by the arrow keys, from one person to the next. */
const ways = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };
for (const chain of document.querySelectorAll(".chain svg")) {
  chain.addEventListener("keydown", (event) => {
    const next = ways[event.key] && document.getElementById(event.target.closest("a")?.dataset[ways[event.key]] || "");
    if (next) { event.preventDefault(); next.focus(); }
  });
}

/* One key for each act that a page marks; "?" lists them. Nothing happens while somebody types. */
const keys = document.getElementById("keys");
const typing = () => document.activeElement?.matches("input:not([type=checkbox]):not([type=radio]), textarea, select");
const marked = () => [...document.querySelectorAll("[data-key]")].filter((one) => one.offsetParent !== null);
const named = (one) => (one.dataset.named || one.getAttribute("aria-label") || one.textContent).replace(/\s+/g, " ").trim();
const listKeys = () => {
  const rows = keys.querySelector("dl");
  rows.replaceChildren();
  for (const one of marked()) {
    const key = document.createElement("dt"), words = document.createElement("dd");
    key.textContent = one.dataset.key;
    words.textContent = named(one);
    rows.append(key, words);
  }
  for (const row of keys.querySelectorAll("template")) { rows.append(row.content.cloneNode(true)); }
  keys.showModal();
};
const step = (by) => {
  const rows = [...document.querySelectorAll("main a.whole")];
  const at = rows.indexOf(document.activeElement);
  rows[Math.min(Math.max(at + by, 0), rows.length - 1)]?.focus();
};
document.addEventListener("keydown", (event) => {
  if (!keys || typing() || event.ctrlKey || event.metaKey || event.altKey || keys.open) { return; }
  if (event.key === "?") { event.preventDefault(); listKeys(); return; }
  if (event.key === "j" || event.key === "k") { step(event.key === "j" ? 1 : -1); return; }
  if (event.key === "x" && bulk) { document.activeElement?.closest("li, tr")?.querySelector("input[name=who]")?.click(); return; }
  const wanted = marked().find((one) => one.dataset.key === event.key);
  if (!wanted) { return; }
  event.preventDefault();
  if (wanted.matches("input:not([type=checkbox]), textarea, select")) { wanted.focus(); } else { wanted.click(); }
});

/* A letter that was just recorded as printed. */
if (document.querySelector("[data-print]")) { print(); }
