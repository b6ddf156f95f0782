// The people of the demo: invented, one for each kind of organisation.

const AGENT = "agent_public";

export const ACCOUNTS = {
  alice: {
    given_name: "Alice",
    usual_name: "Martin",
    siret: "00000000000011",
    organization_label: "Ministère de la démonstration",
    organizational_unit: "Direction des essais",
    roles: [AGENT, "agent_public_etat"],
    kind: { en: "State agent", fr: "Agente de l’État" },
  },
  bob: {
    given_name: "Bob",
    usual_name: "Durand",
    siret: "000 000 000 00022",
    organization_label: "Ville d’Exemple",
    roles: [AGENT, "agent_public_territorial"],
    kind: { en: "local authority", fr: "agent territorial" },
  },
  charlie: {
    given_name: "Charlie Camille",
    usual_name: "Petit",
    siret: "00000000000033",
    organization_label: "Centre hospitalier d’Exemple",
    roles: [AGENT, "agent_public_hospitalier"],
    kind: { en: "hospital", fr: "agent hospitalier" },
  },
  eve: {
    given_name: "Ève",
    usual_name: "Moreau",
    siret: "00000000000044",
    organization_label: "Entreprise Exemple SAS",
    roles: ["dirigeant"],
    kind: { en: "private sector: will be refused", fr: "secteur privé : sera refusée" },
  },
  admin: {
    given_name: "Dominique",
    usual_name: "Admin",
    siret: "00000000000055",
    organization_label: "Ministère de la démonstration",
    roles: [AGENT, "agent_public_etat"],
    kind: { en: "runs this site", fr: "administre ce site" },
  },
};

export const LEVELS = {
  eidas1: { amr: ["pwd"], label: { en: "Password only (eidas1)", fr: "Mot de passe seul (eidas1)" } },
  eidas2: { amr: ["pwd", "totp", "mfa"], label: { en: "With a second factor (eidas2)", fr: "Avec un second facteur (eidas2)" } },
  eidas3: { amr: ["pop", "mfa"], label: { en: "With a smart card (eidas3)", fr: "Avec une carte à puce (eidas3)" } },
};

/** Give the e-mail address of an account. */
export function emailOf(name) {
  return `${name}@demo.example`;
}

/** Give the claims of an account; oidc-provider keeps those of the scopes that were granted. */
export function claimsOf(name) {
  const { kind, ...claims } = ACCOUNTS[name];
  return {
    ...claims,
    sub: `demo-${name}`,
    uid: name,
    email: emailOf(name),
    email_verified: true,
    siren: claims.siret.replace(/\s/g, "").slice(0, 9),
    idp_id: "demo",
  };
}
