"""What each refusal says to the person: the sentences of the page, and its HTTP status."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

RETRY = _("Try to sign in again")
OTHER_ACCOUNT = _("Sign in with another account")
AS_GUEST = _("Go on without signing in")
HOME = _("Go to the home page")

BAD_REQUEST, FORBIDDEN, NOT_FOUND, PROVIDER_FAILED = 400, 403, 404, 424


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why it stopped, what to do, and which ways the page offers."""

    status: int
    title: str | Promise
    why: str | Promise
    what_to_do: str | Promise
    retry: bool = True
    other_account: bool = False
    guest: bool = True


def _provider_failed(why: str | Promise) -> Explanation:
    return Explanation(PROVIDER_FAILED, _("The sign-in service does not answer as it should"), why, LATER)


def _not_proven(why: str | Promise) -> Explanation:
    return Explanation(BAD_REQUEST, _("The sign-in could not be verified"), why, AGAIN)


AGAIN = _("Nobody was signed in. Try again; if it happens again, give the code below to your support.")
LATER = _("Your account is fine. Try again in a few minutes; if it lasts, give the code below to your support.")
NOT_THEIRS = _("The answer that reached us is not the one that the sign-in service gave for this visit.")
CLOCKS = _("The answer of the sign-in service is too old or comes from the future: a clock may be wrong.")

ABOUT_THE_VISIT = {
    "state": Explanation(
        BAD_REQUEST,
        _("This sign-in is no longer valid"),
        _("It was already used, took too long, or was started in another browser."),
        _("Start again from here."),
    ),
    "login_required": Explanation(
        FORBIDDEN,
        _("You are not signed in yet"),
        _("The sign-in service does not know you in this browser at the moment."),
        _("Sign in with the button below."),
    ),
    "logout_state": Explanation(
        BAD_REQUEST,
        _("You are signed out here"),
        _("We cannot tell whether you are also signed out of the sign-in service."),
        _("Close your browser if others use this computer."),
        retry=False,
        guest=False,
    ),
    "not_configured": Explanation(
        NOT_FOUND,
        _("Signing in is not set up here"),
        _("No identity provider is configured."),
        _("Tell the people who run this site."),
        retry=False,
    ),
}

ABOUT_THE_PERSON = {
    "other_person": Explanation(
        FORBIDDEN,
        _("This is the account of somebody else"),
        _("You are signed in with another account than the one that was just confirmed."),
        _("Confirm your identity with the account with which you are in the meeting."),
    ),
    "not_public_agent": Explanation(
        FORBIDDEN,
        _("Signing in is reserved for public agents"),
        _("Your account is a valid one, but it does not belong to a public administration."),
        _("You can still take part in meetings as a guest, with the link that you were sent."),
        retry=False,
        other_account=True,
    ),
    "no_roles": Explanation(
        FORBIDDEN,
        _("We could not check that you are a public agent"),
        _("The sign-in service did not say for which organisation you work. Its register may be down for a moment."),
        _("Try again in a few minutes. Meanwhile you can take part in meetings as a guest."),
        other_account=True,
    ),
    "acr": Explanation(
        FORBIDDEN,
        _("A stronger sign-in is needed"),
        _("This site asks for a more secure way of signing in than the one you used, such as a second factor."),
        _("Sign in again and choose the stronger way; your administration tells you how to set it up."),
        retry=False,
        other_account=True,
    ),
    "account_disabled": Explanation(
        FORBIDDEN,
        _("Your account is disabled here"),
        _("The people who run this site have disabled it."),
        _("Ask them to enable it again."),
        retry=False,
        other_account=True,
    ),
    "unknown_user": Explanation(
        FORBIDDEN,
        _("You have no account here"),
        _("This site only lets in people whom it already knows."),
        _("Ask the people who run it for an account."),
        retry=False,
        other_account=True,
    ),
    "claims_missing": Explanation(
        FORBIDDEN,
        _("Your account is not complete"),
        _("The sign-in service did not send everything that this site needs to know about you."),
        _("Complete your account there, or ask the people who manage it."),
        other_account=True,
    ),
    "not_staff": Explanation(
        FORBIDDEN,
        _("The administration is not open to your account"),
        _("Only the people named in this site's settings may use it."),
        _("Sign in with another account, or ask the people who run this site."),
        retry=False,
        other_account=True,
        guest=False,
    ),
    "op_access_denied": Explanation(
        FORBIDDEN,
        _("The sign-in was not granted"),
        _("You cancelled it, or the sign-in service could not offer the level of security that this site asks for."),
        _("Try again, or sign in with another account."),
        other_account=True,
    ),
}

ABOUT_THE_PROVIDER = {
    "op_unreachable": _provider_failed(_("It cannot be reached or is too slow at the moment.")),
    "op_garbage": _provider_failed(_("Its answer cannot be read.")),
    "op_error": _provider_failed(_("It reports an error.")),
    "op_userinfo_error": _provider_failed(_("It did not say who you are.")),
    "op_token_error": Explanation(
        BAD_REQUEST,
        _("This sign-in has expired"),
        _("The sign-in service no longer accepts it: it is only valid for some seconds."),
        AGAIN,
    ),
    "bad_iss_param": _not_proven(NOT_THEIRS),
}

ABOUT_TOKENS = {
    "malformed": NOT_THEIRS,
    "alg": _("It is signed in another way than agreed with the sign-in service."),
    "key": _("It is signed with a key that the sign-in service does not publish."),
    "signature": _("Its signature is not the one of the sign-in service."),
    "iss": _("It comes from another sign-in service."),
    "aud": _("It was made for another site."),
    "azp": _("It was made for another site."),
    "exp": _("It does not say until when it is valid."),
    "iat": _("It does not say when it was made."),
    "nbf": CLOCKS,
    "expired": CLOCKS,
    "early": CLOCKS,
    "sub": _("It does not say clearly who you are."),
    "nonce": NOT_THEIRS,
    "at_hash": NOT_THEIRS,
    "unsigned": _("It is not signed."),
}

ALL: dict[str, Explanation] = {
    **ABOUT_THE_VISIT,
    **ABOUT_THE_PERSON,
    **ABOUT_THE_PROVIDER,
    **{
        f"{what}_{reason}": _not_proven(why)
        for what in ("id_token", "userinfo")
        for reason, why in ABOUT_TOKENS.items()
    },
}
