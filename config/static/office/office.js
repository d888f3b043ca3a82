/* Live chats: the newest messages are asked for every few seconds while the page is seen; "Earlier" adds a page above. */
(() => {
  const EVERY = 4000;
  const open = async (box) => {
    const url = box.dataset.liveChat;
    const live = document.createElement("div");
    live.style.display = "contents";
    box.append(live);
    let etag = "";
    const earlier = async (event) => {
      const button = event.target.closest("[data-before]");
      if (!button) return;
      button.disabled = true;
      const answer = await fetch(`${url}?before=${button.dataset.before}`, { credentials: "same-origin" });
      if (!answer.ok) { button.disabled = false; return; }
      const page = document.createElement("div");
      page.style.display = "contents";
      page.innerHTML = await answer.text();
      button.remove();
      box.append(page);
      box.dataset.paged = "1";
    };
    const refresh = async () => {
      if (document.hidden) return;
      try {
        const answer = await fetch(url, { credentials: "same-origin", headers: etag ? { "If-None-Match": etag } : {} });
        if (answer.status !== 200) return;
        etag = answer.headers.get("ETag") || "";
        live.innerHTML = await answer.text();
        if (box.dataset.paged) live.querySelector("[data-before]")?.remove();
      } catch (error) { /* the next poll tries again */ }
    };
    box.addEventListener("click", earlier);
    await refresh();
    setInterval(refresh, EVERY);
  };
  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-live-chat]").forEach(open));
})();

/* The simulator: a button writes for the customer; the newest words stay in sight and the box is ready for the next. */
(() => {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-sim]");
    const form = document.getElementById("sim-form");
    if (!button || !form) return;
    form.elements.text.value = button.dataset.sim;
    form.elements.label.value = button.textContent.trim();
    form.requestSubmit();
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const log = document.getElementById("sim-log");
    if (!log) return;
    log.scrollTop = log.scrollHeight;
    document.getElementById("sim-text").value = "";
    document.getElementById("sim-form").elements.label.value = "";
  });
})();
