// The demo identity provider for trial and tests: an OpenID provider in ProConnect's style whose accounts need no password.
import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";

import Provider from "oidc-provider";

import { configuration } from "./configuration.mjs";
import { interactions } from "./interactions.mjs";
import { readOptions } from "./options.mjs";

const STOPPED_BY_WRONG_SETTING = 2;

function fail(message) {
  process.stderr.write(`The demo provider cannot start: ${message}\n`);
  process.exit(STOPPED_BY_WRONG_SETTING);
}

function createServer(options, answer) {
  if (!options.certificate) return http.createServer(answer);
  return https.createServer({ cert: readFileSync(options.certificate), key: readFileSync(options.key) }, answer);
}

function start() {
  const options = readOptions(process.env);
  const provider = new Provider(options.issuer, configuration(options));
  provider.use(interactions(provider, options));
  provider.on("server_error", (_ctx, error) => process.stderr.write(`demo provider: ${error.stack}\n`));
  const server = createServer(options, provider.callback());
  server.on("error", (error) =>
    fail(error.code === "EADDRINUSE" ? `port ${options.port} is in use; set DEMO_OIDC_PORT.` : error.message));
  server.listen(options.port, options.host, () => process.stdout.write(`demo provider ready: ${options.issuer}\n`));
  for (const signal of ["SIGTERM", "SIGINT"]) {
    process.on(signal, () => {
      server.close(() => process.exit(0));
      server.closeAllConnections();
    });
  }
}

try {
  start();
} catch (error) {
  fail(error.message);
}
