"""An app in Django that people sign in to in two ways: by Authlib, and by
mozilla-django-oidc. Its first argument is the provider; it prints its own origin.
"""

import json
import sys
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse
from django.urls import include, path


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


provider = sys.argv[1]
server = make_server("localhost", 0, None, handler_class=Quiet)
origin = f"http://localhost:{server.server_port}"

settings.configure(
    ALLOWED_HOSTS=["localhost"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="what the app seals its own cookies with",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "mozilla_django_oidc",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    AUTHENTICATION_BACKENDS=["mozilla_django_oidc.auth.OIDCAuthenticationBackend"],
    LOGIN_REDIRECT_URL="/",
    OIDC_RP_CLIENT_ID=origin,
    OIDC_RP_CLIENT_SECRET="it insists on one; nobody looks at it",
    OIDC_RP_SIGN_ALGO="ES256",
    OIDC_RP_SCOPES="openid profile email",
    OIDC_USE_PKCE=True,
    OIDC_PKCE_CODE_CHALLENGE_METHOD="S256",
    OIDC_OP_AUTHORIZATION_ENDPOINT=f"{provider}/oauth2/authorize",
    OIDC_OP_TOKEN_ENDPOINT=f"{provider}/oauth2/token",
    OIDC_OP_USER_ENDPOINT=f"{provider}/oauth2/userinfo",
    OIDC_OP_JWKS_ENDPOINT=f"{provider}/oauth2/jwks",
)
django.setup()

oauth = OAuth()
oauth.register(
    "tokenpass",
    client_id=origin,
    server_metadata_url=f"{provider}/.well-known/openid-configuration",
    client_kwargs={
        "scope": "openid profile email",
        "code_challenge_method": "S256",
        "token_endpoint_auth_method": "none",
    },
)


def home(request):
    return JsonResponse({"email": getattr(request.user, "email", None)})


def login(request):
    return oauth.tokenpass.authorize_redirect(request, f"{origin}/authlib/callback")


def callback(request):
    token = oauth.tokenpass.authorize_access_token(request)
    return JsonResponse(dict(token["userinfo"]))


urlpatterns = [
    path("", home),
    path("authlib/login", login),
    path("authlib/callback", callback),
    path("oidc/", include("mozilla_django_oidc.urls")),
]

call_command("migrate", verbosity=0)
server.set_app(get_wsgi_application())
print(json.dumps({"origin": origin}), flush=True)
server.serve_forever()
