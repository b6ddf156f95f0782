"""Django settings: one flat file, every value read and checked by `suite.env`."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from suite import composition, env, logs, schedule
from suite.identity import client_proof
from suite.operations import databases, file_storage
from suite.operations.content_policy import content_policy
from suite.operations.lan import own_address
from visio import wire

BASE_DIR = env.BASE_DIR
env.load_file(Path(env.text("ENV_FILE", str(BASE_DIR / ".env"), "File with further settings, one NAME=value a line.")))

# --- place and address ----------------------------------------------------------------------------------

DATA_DIR = Path(
    env.text("DATA_DIR", str(BASE_DIR / "data"), "Folder of the database, secrets and Valkey of one machine.")
).absolute()
SECRETS_DIR = DATA_DIR / "secrets"
LAN = env.flag("LAN", default=False, purpose="Serve this machine's network over HTTPS with a self-made certificate.")
LISTEN_HOST = env.text(
    "LISTEN_HOST",
    "0.0.0.0" if LAN else "127.0.0.1",  # noqa: S104  (asked for by LAN)
    "Address on which the web role listens; 0.0.0.0 for every network.",
)
PORT = env.port("PORT", 8000, "Port of the web role.")
TLS_CERTIFICATE = env.file("TLS_CERTIFICATE", "Certificate file (PEM) with which the web role serves HTTPS itself.")
TLS_KEY = env.file("TLS_KEY", "Private key file (PEM) of TLS_CERTIFICATE.")
LAN_CERTIFICATE, LAN_KEY = DATA_DIR / "lan" / "certificate.pem", DATA_DIR / "lan" / "key.pem"
if LAN and TLS_CERTIFICATE is None:
    TLS_CERTIFICATE, TLS_KEY = LAN_CERTIFICATE, LAN_KEY
if (TLS_CERTIFICATE is None) != (TLS_KEY is None):
    raise env.SettingError("TLS_CERTIFICATE and TLS_KEY must be set together.")
PUBLIC_URL = env.url(
    "PUBLIC_URL",
    f"https://{own_address()}:{PORT}" if LAN else f"http://127.0.0.1:{PORT}",
    "Address under which people reach Visio.",
    schemes=("http", "https"),
).rstrip("/")
SECURE = urlsplit(PUBLIC_URL).scheme == "https"

# --- Django ---------------------------------------------------------------------------------------------

SECRET_KEY = env.secret("DJANGO_SECRET_KEY", SECRETS_DIR, "Signs sessions and cookies; made at first start when unset.")
DEBUG = env.flag("DJANGO_DEBUG", default=False, purpose="Show Django's error pages; never in production.")
ALLOWED_HOSTS = [
    *env.words("DJANGO_ALLOWED_HOSTS", "", "Host names answered, besides PUBLIC_URL's and loopback."),
    urlsplit(PUBLIC_URL).hostname or "localhost",
    "localhost",
    "127.0.0.1",
    "[::1]",
]
CSRF_TRUSTED_ORIGINS = [
    PUBLIC_URL,
    *env.words("DJANGO_CSRF_TRUSTED_ORIGINS", "", "Origins that may post forms, besides PUBLIC_URL."),
]
ROOT_URLCONF = "suite.urls"
ASGI_APPLICATION = "suite.asgi.application"
AUTH_USER_MODEL = "identity.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = composition.APPS
MIDDLEWARE = composition.MIDDLEWARE
TEMPLATES = composition.TEMPLATES

# --- data -----------------------------------------------------------------------------------------------

DATABASE_URL = env.url(
    "DATABASE_URL",
    f"sqlite:///{DATA_DIR / 'visio.sqlite3'}",
    "Database; SQLite in DATA_DIR when unset.",
    schemes=("sqlite", "postgres", "postgresql"),
)
DATABASES = {"default": databases.database(DATABASE_URL)}

VALKEY_SOCKET = DATA_DIR / "valkey.sock"
REDIS_URL = env.url(
    "REDIS_URL",
    f"unix://{VALKEY_SOCKET}",
    "Valkey or Redis; the embedded Valkey when unset.",
    schemes=("redis", "rediss", "unix"),
)
REDIS_PREFIX = env.text("REDIS_PREFIX", "visio", "First part of every key and channel, to share one Valkey.")
CELERY_BROKER_URL = env.url(
    "CELERY_BROKER_URL",
    REDIS_URL.replace("unix://", "redis+socket://", 1),
    "Broker of the Celery tasks; REDIS_URL when unset.",
    schemes=("redis", "rediss", "redis+socket"),
)
CELERY_BROKER_TRANSPORT_OPTIONS = {"global_keyprefix": wire.broker_key_prefix(REDIS_PREFIX)}
CACHES = {"default": databases.cache(REDIS_URL, REDIS_PREFIX)}
CELERY_BEAT_SCHEDULE = schedule.SCHEDULE
CHANNEL_LAYERS = {"default": databases.channel_layer(REDIS_URL, REDIS_PREFIX)}

# --- logs -----------------------------------------------------------------------------------------------

LOG_FORMAT = env.choice("LOG_FORMAT", "text", ("text", "json"), "Form of log lines: text to read, json to collect.")
LOGGING = logs.configuration(LOG_FORMAT)

# --- files ----------------------------------------------------------------------------------------------

MEDIA_ROOT = DATA_DIR / "files"
AWS_S3_ENDPOINT_URL = env.url(
    "AWS_S3_ENDPOINT_URL", "", "S3 service that keeps people's files; a folder when unset.", schemes=("http", "https")
)
AWS_STORAGE_BUCKET_NAME = env.text("AWS_STORAGE_BUCKET_NAME", "", "Its bucket, there already and closed to the public.")
AWS_S3_ACCESS_KEY_ID = env.text("AWS_S3_ACCESS_KEY_ID", "", "Who we are for it.")
AWS_S3_SECRET_ACCESS_KEY = env.text("AWS_S3_SECRET_ACCESS_KEY", "", "The secret of AWS_S3_ACCESS_KEY_ID.")
AWS_S3_REGION_NAME = env.text("AWS_S3_REGION_NAME", "", "Its region, where it has several.")
AWS_S3_SIGNATURE_VERSION = env.choice(
    "AWS_S3_SIGNATURE_VERSION", "s3v4", ("s3v4", "s3"), "How requests to it are signed."
)
STORAGES = file_storage.storages(
    file_storage.Bucket(
        endpoint_url=AWS_S3_ENDPOINT_URL,
        name=AWS_STORAGE_BUCKET_NAME,
        access_key=AWS_S3_ACCESS_KEY_ID,
        secret_key=AWS_S3_SECRET_ACCESS_KEY,
        region_name=AWS_S3_REGION_NAME,
        signature_version=AWS_S3_SIGNATURE_VERSION,
    )
)
CHAT_FILE_MAX_MB = env.integer("CHAT_FILE_MAX_MB", 20, "Largest file in a chat, in megabytes.", low=1, high=1000)
CHAT_FILES_MAX_MB = env.integer(
    "CHAT_FILES_MAX_MB", 500, "Files in the chat of one meeting together, in megabytes.", low=1, high=1_000_000
)
CHAT_FILE_SCANNER = env.scanner(
    "CHAT_FILE_SCANNER",
    "What looks for malware in files of chats: clamd:HOST:PORT, clamd:/its/socket, or a command that reads the file "
    "from its input and ends with 1 when it is infected; none when unset.",
)
GATHERING_DAYS = env.integer("GATHERING_DAYS", 365, "Days for which notes and polls of a meeting are kept.", low=1)
REQUEST_MAX_MB = env.integer(
    "REQUEST_MAX_MB", 1, "Largest request, in megabytes; CHAT_FILE_MAX_MB more for a chat's file.", low=1, high=100
)
FILE_UPLOAD_PATH = composition.FILE_UPLOAD_PATH

METRICS_TOKEN = env.text(
    "METRICS_TOKEN", "", "Bearer token with which Prometheus reads /metrics of the web role; no such page when unset."
)

# --- sessions and cookies -------------------------------------------------------------------------------

SESSION_COOKIE_AGE = env.integer(
    "SESSION_COOKIE_AGE", 43_200, "Seconds until a person must sign in again.", low=60, high=43_200
)
SESSION_ENGINE = "suite.identity.browser_sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-visio_session" if SECURE else "visio_session"
CSRF_COOKIE_NAME = "__Host-visio_csrf" if SECURE else "visio_csrf"
GUEST_COOKIE_NAME = "__Host-visio_guest" if SECURE else "visio_guest"
LANGUAGE_COOKIE_NAME = "visio_language"

# --- language -------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "suite" / "locale"]
TIME_ZONE = env.time_zone("TIME_ZONE", "Europe/Paris", "Time zone of dates on pages and in mails.")
USE_TZ = True

# --- static files ---------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 0

# --- API ------------------------------------------------------------------------------------------------

TRUSTED_PROXIES = env.integer(
    "TRUSTED_PROXIES", 0, "Proxies before the web role whose X-Forwarded-For is believed.", high=10
)
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["visio.rooms.api.callers.LoginAuthentication"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["suite.lib.rest.bodies.BoundedJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "suite.lib.rest.pages.Pages",
    "PAGE_SIZE": 20,
    "EXCEPTION_HANDLER": "suite.lib.rest.errors.handle",
    "NUM_PROXIES": TRUSTED_PROXIES,
    "DEFAULT_THROTTLE_RATES": {
        "room_creation": env.rate("ROOM_CREATION_THROTTLE_RATES", "30/minute", "Rooms that one person may make."),
        "room_read": env.rate("ROOM_READ_THROTTLE_RATES", "120/minute", "Rooms that one guest's browser may look at."),
        "room_read_address": env.rate(
            "ROOM_READ_ADDRESS_THROTTLE_RATES", "3000/minute", "Rooms that all guests of one address may look at."
        ),
        "connection_test": env.rate(
            "CONNECTION_TEST_THROTTLE_RATES", "10/minute", "Connection tests that one person may begin."
        ),
        "connection_test_address": env.rate(
            "CONNECTION_TEST_ADDRESS_THROTTLE_RATES",
            "300/minute",
            "Connection tests that guests of one address may begin.",
        ),
    },
}
SPECTACULAR_SETTINGS = composition.SPECTACULAR_SETTINGS

# --- rooms ----------------------------------------------------------------------------------------------

ROOM_POLICY = env.text(
    "ROOM_POLICY",
    '{"record": "hosts", "transcribe": "hosts", "imposed_names": true}',
    "What every room must keep to: a JSON object of terms ([policy](policy.md)); organisations and rooms only tighten.",
)
ROOM_POLICY_SENSITIVE = env.text(
    "ROOM_POLICY_SENSITIVE",
    '{"access_level": "trusted", "record": "nobody", "transcribe": "nobody"}',
    "What rooms of the class “sensitive” must keep to besides.",
)
ROOM_POLICY_RESTRICTED = env.text(
    "ROOM_POLICY_RESTRICTED",
    '{"access_level": "restricted", "guests": false, "record": "nobody", "transcribe": "nobody", "late_minutes": 15}',
    "What rooms of the class “restricted” must keep to besides.",
)
LOBBY_GUESTS_PER_ADDRESS = env.integer(
    "LOBBY_GUESTS_PER_ADDRESS",
    200,
    "Guests of one address who may wait at one door; who is signed in always may.",
    low=1,
)
PASSCODE_TRIES_PER_MINUTE = env.integer("PASSCODE_TRIES_PER_MINUTE", 60, "Guesses at a passcode per address.", low=1)
SECURITY_CONTACTS = env.words(
    "SECURITY_CONTACTS",
    "",
    "E-mail addresses that are told when a meeting is frozen; without any, those of the superusers.",
)
ROOM_POLICY_CONTACT = env.text("ROOM_POLICY_CONTACT", "", "Whom people ask when a rule says no, such as an address.")
ACCESSIBILITY_CONTACT = env.text("ACCESSIBILITY_CONTACT", "", "E-mail address for people who cannot use a page.")
ACCESSIBILITY_AUDIT = env.text("ACCESSIBILITY_AUDIT", "", "RGAA audit: date, per cent met, by whom.")

# --- mail: La Suite's names -----------------------------------------------------------------------------

EMAIL_HOST = env.text("DJANGO_EMAIL_HOST", "localhost", "The mail server; unset, nobody is invited by e-mail.")
EMAIL_PORT = env.integer("DJANGO_EMAIL_PORT", 25, "Its port.", low=1, high=65535)
EMAIL_HOST_USER = env.text("DJANGO_EMAIL_HOST_USER", "", "Our name at the mail server; nobody when empty.")
EMAIL_HOST_PASSWORD = env.text("DJANGO_EMAIL_HOST_PASSWORD", "", "Our password at the mail server.")
EMAIL_USE_TLS = env.flag("DJANGO_EMAIL_USE_TLS", default=False, purpose="Speak STARTTLS with the mail server.")
EMAIL_USE_SSL = env.flag("DJANGO_EMAIL_USE_SSL", default=False, purpose="Speak TLS from the first byte.")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("DJANGO_EMAIL_FROM", "visio@localhost", "The sender of our mail.")

# --- sign-on: La Suite's names --------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["suite.identity.backend.StrictOIDCBackend"]
DEMO_OIDC = env.flag(
    "DEMO_OIDC", default=False, purpose="Run the demo OpenID provider when OIDC_OP_* names none; never in production."
) and not (env.is_set("OIDC_OP_URL") or env.is_set("OIDC_OP_DISCOVERY_ENDPOINT"))
DEMO_OIDC_PORT = env.port(
    "DEMO_OIDC_PORT", min(PORT + 1000, 65535), "Port of the demo provider; PORT + 1000 when unset."
)
DEMO_OIDC_ISSUER = f"{urlsplit(PUBLIC_URL).scheme}://{urlsplit(PUBLIC_URL).hostname}:{DEMO_OIDC_PORT}"
OIDC_OP_URL = env.url(
    "OIDC_OP_URL",
    DEMO_OIDC_ISSUER if DEMO_OIDC else "",
    "Issuer of the identity provider, exactly as its tokens spell it; discovery fills the endpoints.",
    schemes=("http", "https"),
)
OIDC_OP_DISCOVERY_ENDPOINT = env.url(
    "OIDC_OP_DISCOVERY_ENDPOINT", "", "Discovery document, when it is not under OIDC_OP_URL.", schemes=("http", "https")
)
OIDC_OP_AUTHORIZATION_ENDPOINT = env.url(
    "OIDC_OP_AUTHORIZATION_ENDPOINT", "", "Where people sign in; discovered when unset.", schemes=("http", "https")
)
OIDC_OP_TOKEN_ENDPOINT = env.url(
    "OIDC_OP_TOKEN_ENDPOINT", "", "Where codes become tokens; discovered when unset.", schemes=("http", "https")
)
OIDC_OP_USER_ENDPOINT = env.url(
    "OIDC_OP_USER_ENDPOINT", "", "Where claims are read; discovered when unset.", schemes=("http", "https")
)
OIDC_OP_JWKS_ENDPOINT = env.url(
    "OIDC_OP_JWKS_ENDPOINT", "", "The provider's public keys; discovered when unset.", schemes=("http", "https")
)
OIDC_OP_LOGOUT_ENDPOINT = env.url(
    "OIDC_OP_LOGOUT_ENDPOINT", "", "Where people sign out; discovered when unset.", schemes=("http", "https")
)
OIDC_OP_USER_ENDPOINT_FORMAT = env.choice(
    "OIDC_OP_USER_ENDPOINT_FORMAT",
    "JWT" if DEMO_OIDC else "AUTO",
    ("AUTO", "JWT", "JSON"),
    "JWT refuses userinfo that is not signed.",
)
OIDC_OP_ALLOWED_PARAMETERS = env.words(
    "OIDC_OP_ALLOWED_PARAMETERS",
    "client_id,acr_values,claims,response_type,response_mode,nonce,login_hint,siret_hint,state,redirect_uri,scope,"
    "prompt,idp_hint,code_challenge,code_challenge_method",
    "Parameters that the provider accepts in a sign-in request; ProConnect refuses any other.",
)
OIDC_RP_CLIENT_ID = env.text("OIDC_RP_CLIENT_ID", "visio-demo" if DEMO_OIDC else "", "Our name at the provider.")
OIDC_RP_CLIENT_SECRET = env.text("OIDC_RP_CLIENT_SECRET", "", "Our secret at the provider.") or (
    env.kept_secret(SECRETS_DIR / "demo_oidc_client_secret") if DEMO_OIDC else ""
)
OIDC_RP_TOKEN_AUTH_METHOD = env.choice(
    "OIDC_RP_TOKEN_AUTH_METHOD",
    "client_secret_post",
    ("client_secret_post", "client_secret_basic", "private_key_jwt"),
    "How we prove who we are at the token endpoint.",
)
OIDC_RP_PRIVATE_KEY = env.text(
    "OIDC_RP_PRIVATE_KEY", "", "Our private key (PEM, P-256 or RSA) for private_key_jwt; best given as a file."
)
OIDC_RP_SIGN_ALGO = env.choice(
    "OIDC_RP_SIGN_ALGO",
    "ES256" if DEMO_OIDC else "RS256",
    ("ES256", "RS256", "HS256"),
    "The one algorithm registered for our tokens; every other is refused.",
)
OIDC_RP_SCOPES = env.text(
    "OIDC_RP_SCOPES",
    "openid given_name usual_name email uid siret idp_id roles organization_label" + " organizational_unit" * DEMO_OIDC,
    "Scopes asked for, with spaces between.",
)
OIDC_RP_ACR_VALUES = env.words(
    "OIDC_RP_ACR_VALUES", "", "Assurance levels of which one is required, e.g. eidas2,eidas3; any level when empty."
)
OIDC_AUTH_REQUEST_EXTRA_PARAMS: dict[str, str] = {}
OIDC_USE_PKCE = env.flag("OIDC_USE_PKCE", default=True, purpose="Bind the code to this browser (PKCE, S256).")
FRONTEND_IS_SILENT_LOGIN_ENABLED = env.flag(
    "FRONTEND_IS_SILENT_LOGIN_ENABLED", default=False, purpose="Sign in who is signed in at the provider, unasked."
)
OIDC_STATE_SIZE = OIDC_NONCE_SIZE = 43
OIDC_CREATE_USER = env.flag("OIDC_CREATE_USER", default=True, purpose="Let people in who were never here before.")
OIDC_USERINFO_FULLNAME_FIELDS = env.words(
    "OIDC_USERINFO_FULLNAME_FIELDS", "given_name,usual_name", "Claims of the given name, then of the usual name."
)
OIDC_USERINFO_ESSENTIAL_CLAIMS = env.words(
    "OIDC_USERINFO_ESSENTIAL_CLAIMS", "", "Claims without which a sign-in is refused."
)
OIDC_USERINFO_ROLES_CLAIM = env.text("OIDC_USERINFO_ROLES_CLAIM", "roles", "Claim that lists a person's roles.")
OIDC_USERINFO_GROUPS_CLAIM = env.text("OIDC_USERINFO_GROUPS_CLAIM", "groups", "Claim that lists a person's groups.")
OIDC_ALLOWED_ROLES = env.words(
    "OIDC_ALLOWED_ROLES",
    "agent_public,agent_public_L100-3,agent_public_etat,agent_public_territorial,agent_public_hospitalier",
    "Roles of which one is needed to sign in; set it empty to let everybody sign in.",
)
OIDC_ROLES_GRACE_DAYS = env.integer(
    "OIDC_ROLES_GRACE_DAYS", 30, "Days a known person may sign in while the provider sends no roles at all; 0 for none."
)
OIDC_STAFF_EMAILS = env.words(
    "OIDC_STAFF_EMAILS", "admin@demo.example" if DEMO_OIDC else "", "E-mails of the people who may use /admin/."
)
OIDC_STAFF_EMAIL_POLICY = env.choice(
    "OIDC_STAFF_EMAIL_POLICY",
    "verified",
    ("verified", "trusted"),
    "verified: only e-mails with email_verified count; trusted: the provider vouches for all, as ProConnect does.",
)
OIDC_STAFF_GROUPS = env.words("OIDC_STAFF_GROUPS", "", "Groups whose members may use /admin/.")
OIDC_TIMEOUT = env.integer("OIDC_TIMEOUT", 5, "Seconds that the provider has for a whole answer.", low=1, high=60)
OIDC_PROXY = env.url("OIDC_PROXY", "", "Proxy between us and the provider.", schemes=("http", "https"))
OIDC_VERIFY_SSL = env.flag("OIDC_VERIFY_SSL", default=True, purpose="Check the provider's certificate.")
OIDC_CA_BUNDLE = env.file("OIDC_CA_BUNDLE", "Certificates (PEM) that vouch for the provider, not the system's.") or (
    TLS_CERTIFICATE if DEMO_OIDC else None
)
OIDC_PROVIDER_NAME = env.text("OIDC_PROVIDER_NAME", "ProConnect", "Name on the sign-in button.")
OIDC_PROVIDER_HELP_URL = env.url(
    "OIDC_PROVIDER_HELP_URL",
    "https://www.proconnect.gouv.fr/",
    "Page behind the link 'What is ProConnect?'; no link when empty.",
    schemes=("http", "https"),
)
ADMIN_PASSWORD_LOGIN = env.flag(
    "ADMIN_PASSWORD_LOGIN", default=False, purpose="Break-glass: let local accounts enter /admin/ with a password."
)
if OIDC_RP_CLIENT_ID and not (OIDC_OP_URL or OIDC_OP_DISCOVERY_ENDPOINT):
    raise env.SettingError("OIDC_OP_URL must name the issuer of the identity provider when OIDC_RP_CLIENT_ID is set.")
if OIDC_RP_PRIVATE_KEY or OIDC_RP_TOKEN_AUTH_METHOD.startswith("private_key"):
    try:
        client_proof.load_key(OIDC_RP_PRIVATE_KEY)
    except (TypeError, ValueError) as error:
        raise env.SettingError(
            "OIDC_RP_PRIVATE_KEY must hold a private key (PEM, P-256 or RSA, no password)."
        ) from error
if ADMIN_PASSWORD_LOGIN:
    AUTHENTICATION_BACKENDS.append("suite.identity.passwords.BreakGlassBackend")
LOGIN_URL = "/oidc/authenticate/"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "/"

# --- media ----------------------------------------------------------------------------------------------

LIVEKIT_API_KEY = env.text("LIVEKIT_API_KEY", "visio", "Issuer named in tickets.")
LIVEKIT_API_SECRET = env.secret("LIVEKIT_API_SECRET", SECRETS_DIR, "Signs tickets; made at first start when unset.")
LIVEKIT_API_URL = env.url(
    "LIVEKIT_API_URL",
    PUBLIC_URL.replace("http", "ws", 1),
    "Signalling address given to clients; PUBLIC_URL's when unset.",
    schemes=("ws", "wss", "http", "https"),
)
LIVEKIT_API_ENABLED = env.flag(
    "LIVEKIT_API_ENABLED", default=False, purpose="LiveKit's server API, tokens and webhooks."
)
LIVEKIT_API_KEYS = {LIVEKIT_API_KEY: LIVEKIT_API_SECRET} | env.keys(
    "LIVEKIT_KEYS", "Keys of integrators, key:secret; each reaches only rooms that it made.", taken=LIVEKIT_API_KEY
)
LIVEKIT_ROOM_AUTO_CREATE = env.flag("LIVEKIT_ROOM_AUTO_CREATE", default=True, purpose="Join tokens make their room.")
LIVEKIT_ROOMS_PER_KEY = env.integer("LIVEKIT_ROOMS_PER_KEY", 1000, "Rooms that one integrator has at once.", low=1)
LIVEKIT_API_THROTTLE_RATES = env.rate("LIVEKIT_API_THROTTLE_RATES", "6000/minute", "Requests of one API key.")
LIVEKIT_WEBHOOK_URLS = env.web_addresses("LIVEKIT_WEBHOOK_URLS", "Where signed webhooks go, with commas between.")
LIVEKIT_WEBHOOK_API_KEY = env.choice(
    "LIVEKIT_WEBHOOK_API_KEY", LIVEKIT_API_KEY, tuple(LIVEKIT_API_KEYS), "Key that signs webhooks and bounds them."
)
LIVEKIT_WEBHOOK_ATTEMPTS = env.integer("LIVEKIT_WEBHOOK_ATTEMPTS", 12, "Attempts at a webhook.", low=1, high=30)
JOIN_SESSION_THROTTLE_RATES = env.rate(
    "JOIN_SESSION_THROTTLE_RATES", "120/minute", "Attempts to connect with one ticket or session."
)
JOIN_REFUSED_ADDRESS_THROTTLE_RATES = env.rate(
    "JOIN_REFUSED_ADDRESS_THROTTLE_RATES", "1200/minute", "Refused attempts to connect from one address."
)
TICKET_TTL_S = env.integer("TICKET_TTL_S", 60, "Seconds in which a ticket must first be used.", low=5, high=600)
MEDIA_WORKERS = env.integer(
    "MEDIA_WORKERS", os.cpu_count() or 1, "Media workers of this machine; one per core when unset.", low=1, high=64
)
MEDIA_UDP_PORT = env.port("MEDIA_UDP_PORT", 7882, "UDP port of the first media worker; every next one takes two more.")
MEDIA_TCP_PORT = env.port("MEDIA_TCP_PORT", 7881, "TCP port of the first media worker; every next one takes two more.")
MEDIA_HOST = env.addresses("MEDIA_HOST", "Addresses announced to browsers; all of this machine when unset.")
MEDIA_BIND = env.address(
    "MEDIA_BIND", "::", "Address on which the media workers listen; :: is every one, 0.0.0.0 every one of IPv4."
)
MEDIA_LOUDEST = env.integer(
    "MEDIA_LOUDEST", 10, "Microphones of a room that are heard at once, the loudest ones; 0 for all.", high=1000
)
MEDIA_DRAIN_S = env.integer("MEDIA_DRAIN_S", 25, "Seconds to move rooms away before a media worker ends.", high=3600)
MEDIA_METRICS_HOST = env.text(
    "MEDIA_METRICS_HOST", "127.0.0.1", "Address on which media workers serve /metrics for Prometheus."
)
MEDIA_METRICS_PORT = env.integer(
    "MEDIA_METRICS_PORT",
    0,
    "Port of the first media worker's /metrics, every next one takes one more; 0 for none.",
    high=65_535,
)
TURN_URLS = env.relays(
    "TURN_URLS", "TURN servers for networks that let nothing else through, such as turns:turn.example.org:443."
)
TURN_SECRET = env.text("TURN_SECRET", "", "Secret shared with the TURN servers (coturn's static-auth-secret).")
TURN_TTL_S = env.integer(
    "TURN_TTL_S", 43_200, "Seconds that one participant's credentials for the TURN servers last.", low=60, high=86_400
)
if bool(TURN_URLS) != bool(TURN_SECRET):
    raise env.SettingError("TURN_URLS and TURN_SECRET must be set together.")
MEDIA_ROOM_PARTICIPANTS = env.integer(
    "MEDIA_ROOM_PARTICIPANTS",
    200,
    "People in one room at once; everybody hears 200 of them, and sees MEDIA_PICTURES_RECEIVED.",
    low=1,
    high=10_000,
)
MEDIA_PARTICIPANT_TRACKS = env.integer("MEDIA_PARTICIPANT_TRACKS", 16, "Tracks that one participant publishes at once.")
MEDIA_PICTURES_RECEIVED = env.integer(
    "MEDIA_PICTURES_RECEIVED",
    100,
    "Pictures that one participant gets at once, at most 150: screens, then who spoke last, then who was there first.",
    low=1,
    high=150,
)
MEDIA_OFFERS_PER_MINUTE = env.integer("MEDIA_OFFERS_PER_MINUTE", 240, "Session descriptions one participant may send.")
MEDIA_CHANGES_PER_MINUTE = env.integer(
    "MEDIA_CHANGES_PER_MINUTE", 600, "Changes of one participant that everybody is told of: mutes, names, metadata."
)
MEDIA_DATA_MESSAGE_BYTES = env.integer("MEDIA_DATA_MESSAGE_BYTES", 65_536, "Largest message on a data channel.")
MEDIA_DATA_MESSAGES_PER_S = env.integer("MEDIA_DATA_MESSAGES_PER_S", 1_000, "Data messages one participant may send.")
MEDIA_DATA_DELIVERIES_PER_S = env.integer(
    "MEDIA_DATA_DELIVERIES_PER_S", 4_000, "The same, times those who get each message.", low=10, high=1_000_000
)
MEDIA_DATA_BYTES_PER_S = env.integer("MEDIA_DATA_BYTES_PER_S", 4_194_304, "Bytes of data one participant may send.")
SIGNAL_MESSAGES_PER_S = env.integer(
    "SIGNAL_MESSAGES_PER_S", 100, "Signalling messages one participant may send on average.", low=10, high=10_000
)
REFRESH_TTL_S = env.integer("REFRESH_TTL_S", 600, "Seconds a refreshed token is valid.", low=60, high=3600)

# --- security -------------------------------------------------------------------------------------------

SECURE_HSTS_SECONDS = env.integer(
    "DJANGO_SECURE_HSTS_SECONDS",
    31_536_000,
    "Seconds for which browsers come by HTTPS only (HSTS) if PUBLIC_URL has it; 0 for none, as with LAN's certificate.",
) * (SECURE and TLS_CERTIFICATE != LAN_CERTIFICATE)
X_FRAME_OPTIONS = "DENY"
EMBED_ALLOWED_ORIGINS = env.web_origins("EMBED_ALLOWED_ORIGINS", "Origins whose pages may show /embed/ in a frame.")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = content_policy(
    connect=LIVEKIT_API_URL.replace("http", "ws", 1),
    post=env.origins(
        OIDC_OP_URL or OIDC_OP_DISCOVERY_ENDPOINT, OIDC_OP_AUTHORIZATION_ENDPOINT, OIDC_OP_LOGOUT_ENDPOINT
    ),
)
