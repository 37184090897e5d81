"""The program behind ``tools.servers.oidc``: Django with Django OAuth Toolkit as an OpenID Connect provider.

Run: ``python -m tools.servers.oidc_provider CONFIG.json``: port, database, private key (PEM), client, users.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any
from wsgiref.simple_server import make_server

LOGIN = '<form method="post">{% csrf_token %}{{ form }}<button>go</button></form>'


def serve(config: dict[str, Any]) -> None:
    """Until killed."""
    _configure(config)
    import django
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    django.setup()
    call_command("migrate", verbosity=0)
    _fill(config)
    make_server("127.0.0.1", config["port"], get_wsgi_application()).serve_forever()


def _configure(config: dict[str, Any]) -> None:
    from django.conf import settings

    settings.configure(
        SECRET_KEY="for tests only",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": config["database"]}},
        INSTALLED_APPS=[
            "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "oauth2_provider",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": False,
                "OPTIONS": {
                    "loaders": [
                        ("django.template.loaders.locmem.Loader", {"login.html": LOGIN}),
                        "django.template.loaders.app_directories.Loader",
                    ],
                    "context_processors": ["django.template.context_processors.request"],
                },
            }
        ],
        LOGIN_URL="/login/",
        OAUTH2_PROVIDER={
            "OIDC_ENABLED": True,
            "OIDC_RSA_PRIVATE_KEY": config["key"],
            "OIDC_ISS_ENDPOINT": config["issuer"],
            "OAUTH2_VALIDATOR_CLASS": f"{__name__}.Validator",
            "SCOPES": {"openid": "who you are", "fin": "personal identification number"},
            "PKCE_REQUIRED": True,
        },
    )  # fmt: skip


def _fill(config: dict[str, Any]) -> None:
    from django.contrib.auth import get_user_model
    from oauth2_provider.models import get_application_model

    for name, (password, fin) in config["users"].items():
        get_user_model().objects.create_user(name, password=password, last_name=fin)
    get_application_model().objects.create(
        client_id=config["client_id"], client_secret=config["client_secret"], name="documents",
        redirect_uris=config["redirect_uri"], client_type="confidential",
        authorization_grant_type="authorization-code", algorithm="RS256",
    )  # fmt: skip


def __getattr__(name: str) -> Any:
    """Django wants its settings before anything of it is imported."""
    if name == "urlpatterns":
        from django.contrib.auth.views import LoginView
        from django.urls import include, path

        return [
            path("login/", LoginView.as_view(template_name="login.html")),
            path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
        ]
    if name == "Validator":
        from oauth2_provider.oauth2_validators import OAuth2Validator

        class Validator(OAuth2Validator):  # type: ignore[misc]
            oidc_claim_scope = {**OAuth2Validator.oidc_claim_scope, "fin": "fin"}  # noqa: RUF012

            def get_additional_claims(self, request: Any) -> dict[str, str]:
                return {"fin": request.user.last_name}

        return Validator
    raise AttributeError(name)


if __name__ == "__main__":
    serve(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
