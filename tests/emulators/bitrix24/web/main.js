// The page asks the portal for its state every second and a half and redraws only what has changed.
import { drawLeads, drawChats, drawNotices, drawFaults, drawCalls, fillChoices } from "./draw.js";
import { post, say } from "./send.js";

const PERIOD = 1500;
const view = { tab: "leads", lead: 0, chat: 0 };
let state = null;

function redraw() {
  if (!state) return;
  document.querySelector("#clock").value = state.clock.slice(0, 19).replace("T", " ");
  for (const name of ["leads", "chats", "notices", "faults"]) {
    document.querySelector(`[data-count=${name}]`).textContent = state[name].length || "";
  }
  fillChoices(state);
  drawLeads(state, view, choose);
  drawChats(state, view, choose);
  drawNotices(state);
  drawFaults(state, refresh);
  drawCalls(state);
}

function choose(kind, id) {
  view[kind] = id;
  if (kind === "chat") show("chats");
  if (kind === "lead") show("leads");
  redraw();
  if (matchMedia("(max-width: 820px)").matches) document.querySelector(`#${kind}`).scrollIntoView({ block: "start" });
}

async function refresh() {
  const light = document.querySelector("#link");
  try {
    state = await (await fetch("/_ctl/state")).json();
    light.classList.remove("off");
    light.setAttribute("aria-label", "Связь с порталом есть");
    redraw();
  } catch {
    light.classList.add("off");
    light.setAttribute("aria-label", "Портал не отвечает");
  }
}

async function poll() {
  if (!document.hidden) await refresh();
  setTimeout(poll, PERIOD);
}

function show(tab) {
  view.tab = tab;
  for (const button of document.querySelectorAll("[role=tab]")) {
    const chosen = button.getAttribute("aria-controls") === tab;
    button.setAttribute("aria-selected", String(chosen));
    button.tabIndex = chosen ? 0 : -1;
    if (chosen) button.scrollIntoView({ block: "nearest", inline: "nearest" });
    document.getElementById(button.getAttribute("aria-controls")).hidden = !chosen;
  }
  history.replaceState(null, "", `#${tab}`);
}

function onForm(id, act) {
  document.getElementById(id).addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      await act(Object.fromEntries(new FormData(form)), form);
    } catch (error) {
      say(error.message);
    }
    button.disabled = false;
    await refresh();
  });
}

function chosenChat() {
  return state.chats.find((chat) => chat.id === view.chat);
}

onForm("lead-form", async (data, form) => {
  view.lead = (await post("lead", data)).id;
  form.reset();
});
onForm("chat-form", async (data) => {
  const user = String(100000000 + Math.floor(Math.random() * 900000000));
  view.chat = (await post("client", { ...data, user })).chat;
});
onForm("say-client", async (data, form) => {
  const chat = chosenChat();
  await post("client", { ...chat, text: data.text, user: chat.user });
  form.reset();
});
onForm("say-operator", async (data, form) => {
  await post("operator", { act: "answer", chat: view.chat, user: data.user, text: data.text });
  form.elements.text.value = "";
});
onForm("fault-form", (data) => post("fault", data));
onForm("delivery-form", (data) => post("delivery", data));

for (const [id, act] of [["take", "take"], ["finish", "finish"]]) {
  document.getElementById(id).addEventListener("click", async () => {
    const user = document.querySelector("#operator").value;
    await post("operator", { act, chat: view.chat, user }).catch((error) => say(error.message));
    await refresh();
  });
}
document.querySelector("#clear-faults").addEventListener("click", async () => {
  await post("fault", { kind: "clear" });
  await refresh();
});
for (const button of document.querySelectorAll("[data-advance]")) {
  button.addEventListener("click", async () => {
    await post("advance", { seconds: Number(button.dataset.advance) });
    await refresh();
  });
}
for (const box of document.querySelectorAll(".say textarea")) {
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      box.form.requestSubmit();
    }
  });
}

const tabs = [...document.querySelectorAll("[role=tab]")];
for (const [index, tab] of tabs.entries()) {
  tab.addEventListener("click", () => show(tab.getAttribute("aria-controls")));
  tab.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = tabs[(index + step + tabs.length) % tabs.length];
    next.focus();
    show(next.getAttribute("aria-controls"));
  });
}
const wanted = location.hash.slice(1);
show(tabs.some((tab) => tab.getAttribute("aria-controls") === wanted) ? wanted : "leads");
poll();
