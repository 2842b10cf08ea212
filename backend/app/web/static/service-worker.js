// Shows a page of its own while there is no connection. It keeps that page and assets, nothing of people.

const NAME = `kept ${KEPT.join(" ")}`;

self.addEventListener("install", (event) => {
  const offline = new Request("/offline", { credentials: "omit" });  // as visitors see it
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll([...KEPT, offline])));
  self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys().then((names) => Promise.all(names.filter((it) => it !== NAME).map((it) => caches.delete(it)))),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate" && request.method === "GET") {
    event.respondWith(fetch(request).catch(() => caches.match("/offline")));
  } else if (KEPT.includes(new URL(request.url).pathname)) {
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  }
});
