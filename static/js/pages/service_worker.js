/**
 * Shows a page of ours where the network is missing. It keeps that page with what it is drawn with, and nothing else:
 * no other page, no ticket, no answer of the API is ever kept, and everything is asked of the network first.
 */

/** @typedef {Event & {request: Request, waitUntil: (work: Promise<unknown>) => void, respondWith: (answer: Promise<Response>) => void}} WorkerEvent */

const worker = /** @type {any} */ (globalThis);
const language = location.search.slice(1);
const CACHE = `offline-${language}`;
const PAGE = `/offline/?${language}`;
const DRAWN_WITH = [
  "/static/css/tokens.css",
  "/static/css/base.css",
  "/static/css/parts.css",
  "/static/css/site.css",
  "/static/js/pages/offline.js",
  "/static/favicon.svg",
  "/static/icons.svg",
];

worker.addEventListener("install", (/** @type {WorkerEvent} */ event) => {
  worker.skipWaiting();
  event.waitUntil(keep());
});
worker.addEventListener("activate", (/** @type {WorkerEvent} */ event) => event.waitUntil(forgetOthers()));
worker.addEventListener("fetch", (/** @type {WorkerEvent} */ event) => {
  const { request } = event;
  const isPage = request.mode === "navigate" && request.method === "GET";
  const path = isPage ? PAGE : new URL(request.url).pathname;
  if (isPage || DRAWN_WITH.includes(path)) event.respondWith(fetch(request).catch(() => kept(path)));
});

/** Fetch what is kept, as nobody: without cookies. */
async function keep() {
  const cache = await caches.open(CACHE);
  await cache.addAll([PAGE, ...DRAWN_WITH].map((path) => new Request(path, { credentials: "omit", cache: "no-cache" })));
}

/** Delete what was kept in another language. */
async function forgetOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
}

/**
 * @param {string} path
 * @returns {Promise<Response>}
 */
async function kept(path) {
  return (await caches.match(path)) ?? Response.error();
}
