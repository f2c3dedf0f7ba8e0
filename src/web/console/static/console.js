// What pages do beyond htmx. Everything here is a help: without it each page can still be read and each form sent.
(() => {
  "use strict";

  // Forms that would lose what was typed ask before they are left.
  const typed = new Set();
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-keep]");
    if (form) typed.add(form);
  });
  document.addEventListener("submit", (event) => {
    // What is sent is not lost; what was typed into another form is.
    typed.delete(event.target);
    // A form is sent once, however often its button is pressed.
    const form = event.target;
    if (form.method === "post" && !form.hasAttribute("hx-post")) {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
      setTimeout(() => delete form.dataset.sent, 5000);
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if ([...typed].some((form) => form.isConnected)) event.preventDefault();
  });

  // <button data-replace="’" data-with="'" data-in="field">: a dear character gives way to a cheap one.
  // <button data-fill="words" data-in="field">: a saved reply goes into the field, behind what was typed.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-in]");
    if (!button) return;
    const field = document.getElementById(button.dataset.in);
    if (!field) return;
    if (button.dataset.replace) field.value = field.value.split(button.dataset.replace).join(button.dataset.with);
    if (button.dataset.fill) field.value = (field.value.trimEnd() + "\n" + button.dataset.fill).trimStart();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });

  // What was opened stays open when a live part comes anew.
  let opened = [];
  document.addEventListener("htmx:beforeSwap", (event) => {
    opened = [...event.target.querySelectorAll("details[open][id]")].map((one) => one.id);
  });
  document.addEventListener("htmx:afterSwap", () => {
    for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
    ages();
  });

  // <time data-since="2026-11-24T10:00:00Z">: an age that ticks, in the units of the page's language.
  const units = { es: ["d", "h", "min", "s"], ru: ["д", "ч", "мин", "с"] }[document.documentElement.lang] || ["d", "h", "min", "s"];
  const ages = () => {
    for (const age of document.querySelectorAll("time[data-since]")) {
      const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(age.dataset.since)) / 1000));
      const parts = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
      const some = parts.findIndex((part) => part > 0);
      const first = some < 0 ? 3 : some;
      age.textContent = parts.slice(first, first + 2).map((part, place) => `${part}\u00a0${units[first + place]}`).join(" ");
    }
  };
  setInterval(ages, 1000);
  ages();
})();
