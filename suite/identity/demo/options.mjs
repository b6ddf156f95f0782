// Reads the demo provider's settings from the environment; a wrong one is an error of one sentence.

const LOOPBACK = "127.0.0.1";

function required(environment, name) {
  const value = environment[name];
  if (!value) throw new Error(`${name} must be set.`);
  return value;
}

function readPort(environment) {
  const port = Number(environment.DEMO_OIDC_PORT || 8081);
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw new Error("DEMO_OIDC_PORT must be a port number.");
  return port;
}

/** Give the options of this process. */
export function readOptions(environment) {
  const port = readPort(environment);
  const [certificate, key] = [environment.TLS_CERTIFICATE || "", environment.TLS_KEY || ""];
  if (Boolean(certificate) !== Boolean(key)) throw new Error("TLS_CERTIFICATE and TLS_KEY must be set together.");
  const scheme = certificate ? "https" : "http";
  return {
    port,
    host: environment.DEMO_OIDC_HOST || LOOPBACK,
    issuer: environment.DEMO_OIDC_ISSUER || `${scheme}://${LOOPBACK}:${port}`,
    clientId: required(environment, "DEMO_OIDC_CLIENT_ID"),
    clientSecret: required(environment, "DEMO_OIDC_CLIENT_SECRET"),
    publicUrl: required(environment, "PUBLIC_URL").replace(/\/$/, ""),
    certificate,
    key,
  };
}
