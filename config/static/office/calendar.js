/* Moving an appointment: drag it to a free time. The menu of each card does the same without a mouse. */
(() => {
  const table = document.querySelector(".cal");
  if (!table) return;
  const said = document.querySelector(".cal-said");
  let held = null;

  const tell = (text, isRefused) => {
    said.textContent = text;
    said.hidden = false;
    said.classList.toggle("cal-refused", isRefused);
  };
  const cellOf = (event) => event.target.closest(".cal-free");
  const letGo = () => {
    held?.classList.remove("cal-held");
    held = null;
    table.classList.remove("cal-moving");
    table.querySelectorAll(".cal-over").forEach((cell) => cell.classList.remove("cal-over"));
  };

  table.addEventListener("dragstart", (event) => {
    held = event.target.closest("[data-move]");
    if (!held) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", held.dataset.appointment);
    held.classList.add("cal-held");
    table.classList.add("cal-moving");
  });
  table.addEventListener("dragend", letGo);
  table.addEventListener("dragover", (event) => {
    const cell = held && cellOf(event);
    if (!cell) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
    cell.classList.add("cal-over");
  });
  table.addEventListener("dragleave", (event) => cellOf(event)?.classList.remove("cal-over"));
  table.addEventListener("drop", async (event) => {
    const cell = held && cellOf(event);
    if (!cell) return;
    event.preventDefault();
    const url = held.dataset.move;
    letGo();
    try {
      const answer = await fetch(url, {
        method: "POST",
        credentials: "same-origin",
        headers: { Accept: "application/json", "X-CSRFToken": table.dataset.csrf },
        body: new URLSearchParams({ starts_at: cell.dataset.starts }),
      });
      const result = await answer.json();
      tell(result.message, !result.ok);
      if (result.ok) location.reload();
    } catch (error) {
      tell("⚠️", true);
    }
  });
  // Escape closes an open menu and gives the focus back to its name.
  table.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest("details[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
})();
