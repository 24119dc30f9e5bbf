// Keys of the workbench: / search, j and k next and last case, x tick, g back to the queue. All of it works without.
(() => {
  const typing = (e) => e.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  const rows = () => [...document.querySelectorAll("[data-row]")];
  const here = () => document.activeElement.closest("tr")?.querySelector("[data-row]");
  const step = (by) => {
    const all = rows();
    const at = all.indexOf(here());
    const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by;
    all[next]?.focus();
  };
  const keys = {
    "/": () => document.querySelector("[data-key='/']")?.focus(),
    j: () => step(1),
    k: () => step(-1),
    x: () => here()?.closest("tr").querySelector("input[type=checkbox]")?.click(),
    g: () => document.querySelector("[data-home]")?.click(),
  };
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing || typing(e) || !(e.key in keys)) return;
    e.preventDefault();
    keys[e.key]();
  });
})();
