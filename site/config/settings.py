"""Every setting of the site, read from the environment.

With nothing set you get the embedded default (SQLite, Celery on files, mail to the
local catcher, 127.0.0.1 only). With PREGON_ENV=production nothing insecure is assumed:
a missing secret, host or address stops the start with one line that says what to set.
"""

from __future__ import annotations

from pathlib import Path
from zoneinfo import available_timezones

from config import beat
from config.environment import Environment
from guards import logs, policies

BASE_DIR = Path(__file__).resolve().parents[2]
env = Environment.read(BASE_DIR)

# --- What kind of site this is
PRODUCTION = env.production
DEBUG = env.debug
SECRET_KEY = env.secret_key
SITE_URL = env.site_url
ALLOWED_HOSTS = env.allowed_hosts
CSRF_TRUSTED_ORIGINS = [SITE_URL]
TRUSTED_PROXIES = env.trusted_proxies
DATA_DIR = env.data_dir
TOKEN_KEYS = env.token_keys
SUPPRESSION_KEY = env.suppression_key
METRICS_TOKEN = env.metrics_token
SECURITY_CONTACT = env.security_contact
OUTGOING_HTTP_ALLOW = env.outgoing_http_allow
REDIS_URL = env.redis_url

# --- Rooms
INSTALLED_APPS = [
    "modeltranslation",
    "config",
    # Before the rooms whose pages build on it: translations register base first.
    "pages.apps.PagesConfig",
    "demo.apps.DemoConfig",
    "starting.apps.StartingConfig",
    "front.apps.FrontConfig",
    "newsletter.apps.NewsletterConfig",
    "news.apps.NewsConfig",
    "offices.apps.OfficesConfig",
    "topics.apps.TopicsConfig",
    "translations.apps.TranslationsConfig",
    "pictures.apps.PicturesConfig",
    "people.apps.PeopleConfig",
    "mail.apps.MailConfig",
    "guards.apps.GuardsConfig",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.routable_page",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "axes",
    "csp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "guards.proxies.forget_strangers_protocol",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "guards.headers.keep_readers_process",
    "guards.compressing.compress_text",
    "guards.headers.PolicyMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "pages.middleware.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "pages.middleware.answer_gone",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "site" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ]
        },
    }
]

# --- Data
DATABASES = {"default": env.database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": env.cache}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": env.static_storage},
}
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "site" / "static"]
STATICFILES_FINDERS = [
    "config.finders.StylesheetFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# --- Languages: one page tree, translated fields, no fallback from one to the other
LANGUAGE_CODE = "es"
LANGUAGES = [("es", "Español"), ("en", "English")]
LOCALE_PATHS = [
    BASE_DIR / "locale",  # sources
    DATA_DIR / "locale",  # compiled
    DATA_DIR / "locale" / "wagtail",  # what Wagtail's own catalogues lack
]
FORMAT_MODULE_PATH = "config.formats"
TIME_ZONE = env.time_zone
MODELTRANSLATION_DEFAULT_LANGUAGE = "es"
MODELTRANSLATION_LANGUAGES = ("es", "en")
MODELTRANSLATION_ENABLE_FALLBACKS = False
MODELTRANSLATION_FALLBACK_LANGUAGES = ()
MODELTRANSLATION_CUSTOM_FIELDS = ("StreamField", "RichTextField")

# --- People
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "demo.backends.RealPeopleBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "wagtailadmin_login"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "guards.limits.client_address"
AXES_LOCKOUT_TEMPLATE = "guards/locked_out.html"
AXES_VERBOSE = False

# --- Wagtail
WAGTAIL_SITE_NAME = "Pregón"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAIL_I18N_ENABLED = False
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
# Names of the system's own that browsers do not know.
WAGTAIL_USER_TIME_ZONES = sorted(available_timezones() - {"Factory", "localtime"})
WAGTAILREDIRECTS_AUTO_CREATE = False
WAGTAILIMAGES_IMAGE_MODEL = "pictures.Picture"
WAGTAILDOCS_DOCUMENT_MODEL = "pictures.File"
WAGTAILIMAGES_IMAGE_FORM_BASE = "pictures.forms.PictureForm"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "heic", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILIMAGES_AVIF_QUALITY = 50
WAGTAILIMAGES_WEBP_QUALITY = 76
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 60_000_000
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "ods", "pdf", "pptx", "txt", "xlsx"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 40 * 1024 * 1024
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILSEARCH_BACKENDS = {
    "default": {
        "BACKEND": "wagtail.search.backends.database",
        "SEARCH_CONFIG": "simple",
    }
}
# Our block shows a link; Wagtail's finder would fetch past guards.http.
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
WAGTAIL_FINISH_WORKFLOW_ACTION = "pages.workflow.finish_workflow"
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None

# --- Celery: the database decides, Celery only wakes
CELERY_BROKER_URL = env.broker_url
CELERY_BROKER_TRANSPORT_OPTIONS = env.broker_options
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_PROC_ALIVE_TIMEOUT = 60  # each first looks after a dead one's mails
CELERY_TASK_DEFAULT_QUEUE = "default"
# A worker takes from each queue in turn: many pictures delay neither mail nor the rest.
CELERY_TASK_ROUTES = {
    "mail.tasks.send_queued": {"queue": "mail"},
    "newsletter.tasks.run_dispatch": {"queue": "mail"},
    "pictures.tasks.*": {"queue": "pictures"},
    "front.tasks.make_*": {"queue": "pictures"},
}
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = beat.JOBS

# --- Mail
EMAIL_HOST = env.email["host"]
EMAIL_PORT = env.email["port"]
EMAIL_HOST_USER = env.email["user"]
EMAIL_HOST_PASSWORD = env.email["password"]
EMAIL_USE_TLS = env.email["starttls"]
EMAIL_USE_SSL = env.email["tls"]
EMAIL_TIMEOUT = 30
RELAY_LIMIT = env.relay_limit
# What a newsletter may choose in place of EMAIL_URL, by name.
NEWSLETTER_TRANSPORTS = {
    name: {
        "MAKE": "newsletter.dispatching.transports.relay",
        "OPTIONS": options,
        "LIMIT": limit,
    }
    for name, (options, limit) in env.relays.items()
}
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.default_from

# --- Safety
SECURE_SSL_REDIRECT = env.https
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = env.proxy_ssl_header
SECURE_HSTS_SECONDS = 31_536_000 if env.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.https
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.https
# The editor previews pages in a frame of its own site; frame-ancestors says the same.
X_FRAME_OPTIONS = "SAMEORIGIN"
SILENCED_SYSTEM_CHECKS = ["security.W019"]
PERMISSIONS_POLICY = policies.PERMISSIONS
CONTENT_SECURITY_POLICY = {"DIRECTIVES": policies.READERS}
ADMIN_CONTENT_SECURITY_POLICY = policies.ADMIN
LOGGING = logs.CONFIG
