// Shows a page of its own while there is no connection. It keeps that page and assets, nothing of people.

const NAME = `kept ${KEPT.join(" ")}`;

self.addEventListener("install", (event) => {
  const offline = new Request("/offline", { credentials: "omit" });  // as visitors see it
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll([...KEPT, offline])));
  self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([
    caches.keys().then((names) => Promise.all(names.filter((it) => it !== NAME).map((it) => caches.delete(it)))),
    self.registration.navigationPreload.enable(),
  ]));
});

/** The page that the browser has asked for itself: a request from here would not say what it is for (Fetch Metadata). */
async function pageOf({ preloadResponse, request }) {
  try {
    return (await preloadResponse) ?? (await fetch(request));
  } catch {
    return caches.match("/offline");
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate" && request.method === "GET") {
    event.respondWith(pageOf(event));
  } else if (KEPT.includes(new URL(request.url).pathname)) {
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  }
});
