// The demo provider's pages, in English and French, without anything from another place.
import { ACCOUNTS, LEVELS, emailOf } from "./accounts.mjs";

const TEXTS = {
  en: {
    title: "Choose who you are",
    demo: "Demo sign-in: these people are invented and need no password. Never use it for real meetings.",
    level: "How sure is the sign-in?",
    cancel: "Cancel",
    leaving: "Signing you out…",
    leave: "Sign out",
    left: "You are signed out",
    failed: "The sign-in cannot go on",
    failedHelp: "Go back to Visio and start again.",
    other: "Français",
  },
  fr: {
    title: "Choisissez qui vous êtes",
    demo: "Connexion de démonstration : ces personnes sont inventées et n’ont pas de mot de passe. Ne l’utilisez jamais pour de vraies réunions.",
    level: "Quel niveau de connexion ?",
    cancel: "Annuler",
    leaving: "Déconnexion en cours…",
    leave: "Se déconnecter",
    left: "Vous êtes déconnecté",
    failed: "La connexion ne peut pas continuer",
    failedHelp: "Revenez à Visio et recommencez.",
    other: "English",
  },
};
const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escape(text) {
  return String(text).replace(/[&<>"']/g, (sign) => ENTITIES[sign]);
}

function languageOf(ctx) {
  const chosen = ctx.query?.lang;
  return Object.hasOwn(TEXTS, chosen ?? "") ? chosen : ctx.acceptsLanguages("en", "fr") || "en";
}

function page(language, heading, body, script = "") {
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escape(heading)} · Demo</title>
<link rel="stylesheet" href="/demo.css">
${script}
</head>
<body><main><h1>${escape(heading)}</h1>
${body}
</main></body>
</html>`;
}

function accountButton(name, language, hinted) {
  const account = ACCOUNTS[name];
  return `<li><button class="account${hinted ? " hinted" : ""}" name="account" value="${name}">
<span class="mark" aria-hidden="true">${escape(account.given_name[0])}</span>
<span><strong>${escape(account.given_name)} ${escape(account.usual_name)}</strong> <span class="kind">${escape(account.kind[language])}</span>
<span class="place">${escape(account.organization_label)}</span></span></button></li>`;
}

function levelOptions(language, demanded) {
  const chosen = Object.keys(LEVELS).find((level) => demanded.includes(level)) ?? "eidas1";
  return Object.entries(LEVELS)
    .map(([level, { label }]) =>
      `<option value="${level}"${level === chosen ? " selected" : ""}>${escape(label[language])}</option>`)
    .join("");
}

/** Give the page on which a person chooses an account. */
export function choicePage(ctx, demanded, hint) {
  const language = languageOf(ctx);
  const texts = TEXTS[language];
  const other = language === "en" ? "fr" : "en";
  const buttons = Object.keys(ACCOUNTS).map((name) => accountButton(name, language, emailOf(name) === hint));
  return page(language, texts.title, `<p class="notice">${texts.demo}</p>
<form method="post" action="${escape(ctx.path)}">
<ul class="accounts">${buttons.join("")}</ul>
<p class="level"><label for="level">${texts.level}</label>
<select id="level" name="level">${levelOptions(language, demanded)}</select></p>
<p><button class="quiet" name="account" value="">${texts.cancel}</button></p>
</form>
<p class="language"><a href="?lang=${other}" lang="${other}" hreflang="${other}">${texts.other}</a></p>`);
}

/** Give the page that signs out: by itself where scripts run, by a button elsewhere. */
export function leavePage(ctx, form) {
  const language = languageOf(ctx);
  const texts = TEXTS[language];
  return page(language, texts.leaving, `${form}
<p class="choices"><button class="account" form="op.logoutForm" name="logout" value="yes">${texts.leave}</button></p>`,
  '<script src="/leave.js" defer></script>');
}

/** Give the page after a sign-out that no client asked for. */
export function leftPage(ctx) {
  const language = languageOf(ctx);
  return page(language, TEXTS[language].left, "");
}

/** Give the page of an error of the protocol. */
export function errorPage(ctx, out) {
  const language = languageOf(ctx);
  const details = `${out.error}: ${out.error_description ?? ""}`;
  return page(language, TEXTS[language].failed, `<p>${TEXTS[language].failedHelp}</p><p><code>${escape(details)}</code></p>`);
}

/** Answer with a page; its form may lead back to Visio, so the policy must name it. */
export function send(ctx, options, html) {
  ctx.set("content-security-policy", `default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'none'; `
    + `form-action 'self' ${new URL(options.publicUrl).origin}; frame-ancestors 'none'`);
  ctx.set("cache-control", "no-store");
  ctx.type = "html";
  ctx.body = html;
}
