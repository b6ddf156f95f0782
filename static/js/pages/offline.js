/** The page without a network: goes on by itself when the network is back, or the service. */

const RETRY_MS = 5000;

addEventListener("online", () => location.reload());
setInterval(() => void retry(), RETRY_MS);

async function retry() {
  const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" }).catch(() => null);
  if (answer) location.reload();
}
