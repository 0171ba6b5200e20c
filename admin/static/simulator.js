/* The phones of the demonstration: they look anew by themselves, and write as a provider would. */
"use strict";

const board = document.querySelector("[data-phones]");
const words = document.querySelector("[data-words]").dataset;
const find = document.querySelector("[data-find]");
const mould = document.getElementById("phone");
const heard = document.querySelector("[data-heard]");
/* Phones that were taken here and have not written yet. */
const fresh = [];
let first = true;
let zone = "Europe/Paris";

const saidAt = (moment, parts) => new Intl.DateTimeFormat(document.documentElement.lang, { ...parts, timeZone: zone, hourCycle: "h23" }).format(new Date(moment));

const keyOf = (phone) => phone.channel + ":" + phone.sender;
const nameOf = (phone) => phone.people.map((one) => one.name).join(", ")
  || (phone.channel === "telegram" ? words.chat : words.stranger);

async function ask(path, body) {
  const how = body ? { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } } : {};
  const answer = await fetch("/simulator/" + path, how).catch(() => null);
  if (answer && answer.ok) { show(await answer.json()); }
}

/* A page's address is to be touched, as on a telephone; nothing else becomes a link. */
function linked(text) {
  return text.split(/(https?:\/\/\S+\/r\/\S+)/).map((part, at) => {
    if (at % 2 === 0) { return part; }
    const link = document.createElement("a");
    link.href = part; link.target = "_blank"; link.rel = "noopener"; link.textContent = part;
    return link;
  });
}

function made(phone) {
  const box = mould.content.firstElementChild.cloneNode(true);
  box.dataset.key = keyOf(phone);
  box.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const field = event.target.elements.text;
    if (!field.value.trim()) { return; }
    ask("say", { channel: phone.channel, sender: phone.sender, text: field.value });
    field.value = "";
  });
  return box;
}

function fill(box, phone) {
  const state = JSON.stringify(phone);
  if (box.dataset.state === state) { return; }
  const before = box.dataset.state ? JSON.parse(box.dataset.state).messages.length : 0;
  box.dataset.state = state;
  box.setAttribute("aria-label", nameOf(phone) + " " + phone.sender);
  box.querySelector("[data-name]").textContent = nameOf(phone);
  const number = box.querySelector("[data-number]");
  number.textContent = (phone.channel === "telegram" ? "Telegram " : "") + phone.sender + (phone.silence ? " · " + words.silent + " (" + phone.silence + ")" : "");
  box.querySelector("[data-links]").replaceChildren(...phone.people.map((one) => {
    const link = document.createElement("a");
    link.href = "/admin/people/" + one.id;
    link.textContent = phone.people.length > 1 ? one.name : words.page;
    link.dir = "auto";
    return link;
  }));
  const talk = box.querySelector(".talk");
  talk.replaceChildren(...phone.messages.map((message) => {
    const line = document.createElement("li");
    /* On a phone one's own words stand at the end of the line. */
    line.className = (message.direction === "in" ? "out" : "in") + (message.kind === "safety" ? " safety" : "");
    const said = document.createElement("span");
    said.className = "words"; said.dir = "auto"; said.append(...linked(message.text));
    const when = document.createElement("span");
    when.className = "when"; when.textContent = saidAt(message.at, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
    line.append(said, when);
    return line;
  }));
  box.querySelector("[data-options]").replaceChildren(...phone.options.map((option) => {
    const chip = document.createElement("button");
    chip.type = "button"; chip.className = "chip"; chip.textContent = option; chip.dir = "auto";
    chip.addEventListener("click", () => ask("say", { channel: phone.channel, sender: phone.sender, text: option }));
    return chip;
  }));
  talk.parentElement.scrollTop = talk.parentElement.scrollHeight;
  if (!first && phone.messages.length > before && phone.messages.at(-1).direction === "out") {
    heard.textContent = words.newMessage + " " + nameOf(phone);
    box.classList.add("rung");
    setTimeout(() => box.classList.remove("rung"), 2000);
  }
}

function show(state) {
  zone = state.zone;
  document.querySelector("[data-now]").textContent = saidAt(state.now, { weekday: "short", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const next = document.querySelector('[data-move="next"]');
  next.textContent = next.dataset.nextWords + (state.next ? " (" + saidAt(state.next, { weekday: "short", hour: "2-digit", minute: "2-digit" }) + ")" : "");
  const known = new Set(state.phones.map(keyOf));
  const phones = [...fresh.filter((one) => !known.has(keyOf(one))), ...state.phones];
  for (const phone of phones) {
    let box = board.querySelector('[data-key="' + CSS.escape(keyOf(phone)) + '"]');
    if (!box) { box = made(phone); board.append(box); }
    fill(box, phone);
  }
  document.querySelector("[data-none]").hidden = phones.length > 0;
  first = false;
  sift();
}

function sift() {
  const wanted = find.value.trim().toLowerCase();
  for (const box of board.children) { box.hidden = !!wanted && !box.textContent.toLowerCase().includes(wanted); }
}

find.addEventListener("input", sift);
for (const button of document.querySelectorAll("[data-move]")) {
  button.addEventListener("click", () => ask("clock", { by: button.dataset.move }));
}
for (const button of document.querySelectorAll("[data-new]")) {
  button.addEventListener("click", () => {
    const figures = String(Math.floor(1000 + Math.random() * 9000));
    /* 06 39 98 is kept for fiction in France. */
    const sender = button.dataset.new === "sms" ? "+3363998" + figures : "90000" + figures;
    const phone = { channel: button.dataset.new, sender, people: [], messages: [], options: [], silence: "" };
    fresh.unshift(phone);
    const box = made(phone);
    board.prepend(box);
    fill(box, phone);
    box.querySelector("input").focus();
  });
}
ask("state");
setInterval(() => ask("state"), 1500);
