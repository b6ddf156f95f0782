/** The page without a network: goes on by itself when the network is back. */

addEventListener("online", () => location.reload());
