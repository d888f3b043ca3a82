// The menu editor: a photo is seen before it is saved; the preview opens an item and counts its price.
(() => {
  "use strict";

  for (const drop of document.querySelectorAll("[data-photo-drop]")) {
    const input = drop.querySelector("input[type=file]");
    const image = drop.querySelector("img");
    const name = drop.querySelector("[data-photo-name]");
    const show = () => {
      const file = input.files[0];
      if (!file) return;
      if (image.src.startsWith("blob:")) URL.revokeObjectURL(image.src);
      image.src = URL.createObjectURL(file);
      image.hidden = false;
      name.textContent = `${file.name} · ${Math.max(1, Math.round(file.size / 1024))} КБ`;
    };
    input.addEventListener("change", show);
    for (const kind of ["dragover", "dragleave", "drop"]) {
      drop.addEventListener(kind, (event) => {
        event.preventDefault();
        drop.classList.toggle("mi-over", kind === "dragover");
        if (kind === "drop" && event.dataTransfer.files.length) {
          input.files = event.dataTransfer.files;
          show();
        }
      });
    }
  }

  const roubles = (sum) => `${sum.toLocaleString("ru-RU", { maximumFractionDigits: 2 })} ₽`;
  for (const sheet of document.querySelectorAll("dialog.mi-sheet")) {
    const count = () => {
      let sum = Number(sheet.dataset.price);
      for (const box of sheet.querySelectorAll("input:checked")) sum += Number(box.dataset.price);
      sheet.querySelector("[data-sum]").textContent = roubles(Math.max(0, sum));
    };
    sheet.addEventListener("change", (event) => {
      const group = event.target.closest("fieldset");
      const chosen = [...group.querySelectorAll("input:checked")];
      for (const extra of chosen.filter((box) => box !== event.target).slice(0, Math.max(0, chosen.length - Number(group.dataset.most)))) {
        extra.checked = false;
      }
      count();
    });
    sheet.querySelector("[data-closes]").addEventListener("click", () => sheet.close());
    count();
  }
  for (const card of document.querySelectorAll("[data-opens]")) {
    card.addEventListener("click", () => document.getElementById(card.dataset.opens).showModal());
  }
})();
