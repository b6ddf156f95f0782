// The part of a sign-in that a person sees: choose an account, come back signed in.
import { readFile } from "node:fs/promises";

import { ACCOUNTS, LEVELS } from "./accounts.mjs";
import { choicePage, send } from "./pages.mjs";

const MAX_FORM_BYTES = 4096;
const PATH = /^\/interaction\/[\w-]+$/;
const FILES = {
  "/demo.css": ["demo.css", "text/css; charset=utf-8"],
  "/leave.js": ["leave.js", "text/javascript; charset=utf-8"],
};

async function readForm(request) {
  let text = "";
  for await (const piece of request) {
    text += piece;
    if (text.length > MAX_FORM_BYTES) throw new Error("The form is too large.");
  }
  return new URLSearchParams(text);
}

/** Give the levels that the client cannot do without, or nothing when any will do. */
function demandedLevels(details) {
  const acr = JSON.parse(details.params.claims || "{}").id_token?.acr;
  if (!acr?.essential) return [];
  return acr.values ?? (acr.value ? [acr.value] : []);
}

function outcome(form, demanded) {
  const [name, level] = [form.get("account"), form.get("level") ?? "eidas1"];
  if (!Object.hasOwn(ACCOUNTS, name ?? "") || !Object.hasOwn(LEVELS, level)) {
    return { error: "access_denied", error_description: "sign-in cancelled" };
  }
  if (demanded.length > 0 && !demanded.includes(level)) {
    return { error: "access_denied", error_description: "requested ACRs could not be satisfied" };
  }
  return { login: { accountId: `demo-${name}`, acr: level, amr: LEVELS[level].amr } };
}

async function interact(ctx, provider, options) {
  const details = await provider.interactionDetails(ctx.req, ctx.res);
  if (details.prompt.name === "consent") {
    await provider.interactionFinished(ctx.req, ctx.res, { consent: {} });
    ctx.respond = false;
  } else if (ctx.method === "POST") {
    const result = outcome(await readForm(ctx.req), demandedLevels(details));
    await provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: false });
    ctx.respond = false;
  } else {
    send(ctx, options, choicePage(ctx, demandedLevels(details), details.params.login_hint));
  }
}

async function sendFile(ctx, [name, type]) {
  ctx.body = await readFile(new URL(name, import.meta.url), "utf8");
  ctx.type = type;
}

/** Give the middleware that answers our own pages and leaves the protocol to oidc-provider. */
export function interactions(provider, options) {
  return async (ctx, next) => {
    if (Object.hasOwn(FILES, ctx.path)) await sendFile(ctx, FILES[ctx.path]);
    else if (PATH.test(ctx.path)) await interact(ctx, provider, options);
    else await next();
  };
}
