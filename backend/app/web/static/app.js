// Improves forms and links where scripts run. Everything works without it.

const parser = new DOMParser();

/** Fetches a page of this service. If it leads elsewhere, or the service is busy, that is shown, unless it is to be quiet. */
async function load(url, options, quiet = false) {
  const response = await fetch(url, { credentials: "same-origin", headers: { Accept: "text/html" }, ...options });
  if (response.redirected) {
    if (!quiet) location.assign(response.url);
    return null;
  }
  const page = parser.parseFromString(await response.text(), "text/html");
  const busy = page.getElementById("busy");
  if (!busy) return page;
  if (!quiet) showSheet(busy);
  return null;
}

/** Shows a part of a fetched page over the present one. */
function showSheet(sheet) {
  const opener = document.activeElement;
  const dialog = document.createElement("dialog");
  dialog.className = "sheet";
  const title = sheet.querySelector("h1");
  title.id = "sheet-title";
  dialog.setAttribute("aria-labelledby", title.id);
  dialog.append(document.adoptNode(sheet));
  dialog.addEventListener("close", () => { dialog.remove(); opener?.focus(); });
  document.body.append(dialog);
  dialog.showModal();
}

/** A selector of an element in a later version of its page. */
function selectorOf({ id, href, form }) {
  if (id) return `#${CSS.escape(id)}`;
  if (form) return `form[action="${CSS.escape(form.getAttribute("action"))}"] button`;
  return href && `a[href="${CSS.escape(new URL(href).pathname)}"]`;
}

/** Puts an element of a fetched page in the place of the present one, and keeps the focus. */
function swap(id, page) {
  const fresh = page.getElementById(id);
  const present = document.getElementById(id);
  if (!fresh || !present) return;
  const focused = present.contains(document.activeElement) && selectorOf(document.activeElement);
  present.replaceWith(document.adoptNode(fresh));
  const alert = fresh.querySelector("[role=alert][autofocus]");
  (alert ?? (focused ? fresh.querySelector(focused) : null))?.focus();
}

// Filters apply while one types: the results of a search form are fetched and replaced.
let latest = 0;
let timer;
async function search(form) {
  const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
  const url = `${form.action}${query.size ? `?${query}` : ""}`;
  const number = ++latest;
  document.getElementById(form.dataset.live)?.setAttribute("aria-busy", "true");
  const page = await load(url);
  if (number !== latest) return;
  document.getElementById(form.dataset.live)?.removeAttribute("aria-busy");
  if (!page) return;
  swap(form.dataset.live, page);
  history.replaceState(null, "", url);
}
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[method=get][data-live]");
  if (!form) return;
  clearTimeout(timer);
  timer = setTimeout(search, event.target.type === "search" || event.target.type === "text" ? 250 : 0, form);
});

// Forms answer in place: a refused one is shown again without a new page.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.method === "dialog") return;
  if (form.matches("[method=get][data-live]")) {
    event.preventDefault();
    return search(form);
  }
  if (form.getAttribute("aria-busy") === "true") return event.preventDefault();
  form.setAttribute("aria-busy", "true");
  if (!form.dataset.live) {
    setTimeout(() => form.removeAttribute("aria-busy"), 2_000);  // the second click of a double click
    return;
  }
  event.preventDefault();
  try {
    const page = await load(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    if (page) swap(form.dataset.live, page);
  } finally {
    form.removeAttribute("aria-busy");
  }
});

// What depends on a choice is fetched with it, as its button does where no scripts run.
document.addEventListener("change", async (event) => {
  const id = event.target.dataset.refresh;
  if (!id) return;
  const { form } = event.target;
  const { name, value } = document.getElementById(id).querySelector("button");
  const body = new URLSearchParams(new FormData(form));
  body.append(name, value);
  const page = await load(form.action, { method: "POST", body });
  if (page) swap(id, page);
});

// Pages that only ask a question open over the present page.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-dialog]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    const page = await load(link.href);
    const sheet = page?.querySelector("[data-sheet]");
    if (!sheet) return page && location.assign(link.href);
    link.focus();
    showSheet(sheet);
    return;
  }
  const dialog = event.target.closest("dialog.sheet");
  if (dialog && (event.target === dialog || event.target.closest("[data-close]"))) {
    event.preventDefault();
    dialog.close();
  }
});

// More of a list is added to it.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-more]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const list = link.closest(".results");
  const page = await load(link.href);
  const added = page?.querySelector(`.results${list.id ? `#${CSS.escape(list.id)}` : ""}`);
  if (!added) return;
  const cards = [...added.children].filter((element) => !element.matches(".count"));
  link.closest(".more").replaceWith(...cards.map((element) => document.adoptNode(element)));
  cards[0]?.querySelector("a, input")?.focus();
});

document.addEventListener("click", ({ target }) => target.closest("[data-print]") && print());

// Menus close when the focus goes elsewhere.
for (const name of ["click", "focusin"]) {
  document.addEventListener(name, (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = menu.contains(event.target);
  });
}
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// Browsers that block the data of sites refuse it: then there is no page without a connection.
navigator.serviceWorker?.register("/service-worker.js").catch(() => {});

// What is shown has been read, as its button says where no scripts run.
function markRead() {
  const form = document.hidden ? null : document.querySelector("form[data-shown]");
  if (form) load(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) }, true);
}

// Parts of a page change as things happen: a stream tells of changes, and the page is fetched again.
async function refresh() {
  const parts = [...document.querySelectorAll("[data-changes]")];
  const page = await load(parts[1] ? location.href : "/offline", {}, true);  // the smallest page with the bell
  if (!page) return;
  const isUsed = (it) => it === document.activeElement || (it.defaultValue ?? it.value) !== it.value;
  for (const part of parts) if (![...part.querySelectorAll("input, select, textarea")].some(isUsed)) swap(part.id, page);
  document.getElementById("told").textContent = document.getElementById("bell").textContent;
  markRead();
}
let changes;
function listen() {
  changes?.close();
  markRead();
  if (document.hidden || !document.getElementById("bell")) return;
  changes = new EventSource("/live");
  changes.addEventListener("changed", ({ data }) => {
    if (data !== document.getElementById("bell").dataset.changes) refresh();
  });
  changes.addEventListener("error", ({ target }) => target.readyState === EventSource.CLOSED && setTimeout(listen, 30_000));
}
document.addEventListener("visibilitychange", listen);
listen();

// The code of a mailed link stands behind #, so that no server and no log gets it. It is moved into the form.
function takeCode() {
  const code = new URLSearchParams(location.hash.slice(1)).get("token");
  const field = document.querySelector("input[name=token]");
  if (!code || !field) return;
  field.value = code;
  history.replaceState(null, "", location.pathname);
  field.form.querySelector("input[type=password], button").focus();
}
takeCode();
addEventListener("hashchange", takeCode);
