// What the demo provider can do: ProConnect's scopes, ES256, signed userinfo, acr on demand, PKCE, sign-out.
import { generateKeyPairSync, randomBytes } from "node:crypto";

import { ACCOUNTS, LEVELS, claimsOf } from "./accounts.mjs";
import { leavePage, leftPage, errorPage, send } from "./pages.mjs";

const HOUR_S = 3600;
const SCOPE_CLAIMS = {
  openid: ["sub"],
  given_name: ["given_name"],
  usual_name: ["usual_name"],
  email: ["email", "email_verified"],
  uid: ["uid"],
  siret: ["siret"],
  siren: ["siren"],
  idp_id: ["idp_id"],
  roles: ["roles"],
  organization_label: ["organization_label"],
  organizational_unit: ["organizational_unit"],
  groups: ["groups"],
};

/** Make a signing key; a new one at each start, as when a real provider rotates its keys. */
function newKey() {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { ...privateKey.export({ format: "jwk" }), use: "sig", alg: "ES256" };
}

function client({ clientId, clientSecret, publicUrl }) {
  return {
    client_id: clientId,
    client_secret: clientSecret,
    client_name: "Visio",
    redirect_uris: [`${publicUrl}/oidc/callback/`],
    post_logout_redirect_uris: [`${publicUrl}/oidc/logout-callback/`],
    grant_types: ["authorization_code"],
    response_types: ["code"],
    token_endpoint_auth_method: "client_secret_post",
    id_token_signed_response_alg: "ES256",
    userinfo_signed_response_alg: "ES256",
  };
}

function findAccount(_ctx, sub) {
  const name = sub.replace(/^demo-/, "");
  if (!Object.hasOwn(ACCOUNTS, name)) return undefined;
  return { accountId: sub, claims: async () => claimsOf(name) };
}

/** Grant what the client asks for: people of the demo are not asked for consent. */
async function grantAll(ctx) {
  const grant = new ctx.oidc.provider.Grant({
    clientId: ctx.oidc.client.clientId,
    accountId: ctx.oidc.session.accountId,
  });
  grant.addOIDCScope(Object.keys(SCOPE_CLAIMS).join(" "));
  grant.addOIDCClaims(["acr", "amr", "auth_time"]);
  await grant.save();
  return grant;
}

/** Give oidc-provider's configuration. */
export function configuration(options) {
  return {
    clients: [client(options)],
    jwks: { keys: [newKey()] },
    cookies: { keys: [randomBytes(32).toString("hex")] },
    scopes: Object.keys(SCOPE_CLAIMS),
    claims: { ...SCOPE_CLAIMS, acr: null, amr: null, auth_time: null, sid: null, iss: null },
    acrValues: Object.keys(LEVELS),
    extraParams: ["siret_hint", "idp_hint"],
    pkce: { required: () => true },
    findAccount,
    loadExistingGrant: grantAll,
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    renderError: (ctx, out) => send(ctx, options, errorPage(ctx, out)),
    ttl: { AuthorizationCode: 30, AccessToken: 60, IdToken: HOUR_S, Interaction: HOUR_S, Session: 12 * HOUR_S, Grant: 12 * HOUR_S },
    features: {
      devInteractions: { enabled: false },
      claimsParameter: { enabled: true },
      jwtUserinfo: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => send(ctx, options, leavePage(ctx, form)),
        postLogoutSuccessSource: (ctx) => send(ctx, options, leftPage(ctx)),
      },
    },
  };
}
