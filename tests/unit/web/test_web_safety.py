import re

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from app.security.next_url import safe_next


def test_every_answer_carries_the_safety_headers(client: FlaskClient) -> None:
    for path in ("/sign-in", "/healthz", "/nowhere", "/static/css/jalon.css"):
        headers = client.get(path, buffered=True).headers

        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_the_content_policy_allows_nothing_inline_and_no_eval(client: FlaskClient) -> None:
    policy = client.get("/sign-in").headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy


def test_the_nonce_is_new_with_every_answer_and_is_on_every_inline_script(client: FlaskClient) -> None:
    answers = [client.get("/sign-in") for _ in range(2)]
    nonces = [re.search(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"]).group(1) for answer in answers]

    assert nonces[0] != nonces[1]
    for answer, nonce in zip(answers, nonces, strict=True):
        assert re.findall(r"<script(?! src)[^>]*>", answer.text) == [f'<script nonce="{nonce}">']


def test_pages_hold_no_inline_style_and_no_handler(make_app) -> None:
    page = make_app(JALON_DEMO="1").test_client().get("/style").text

    assert re.findall(r"<style|\sstyle=|\son[a-z]+=", page) == []


def test_tls_is_insisted_on_only_where_the_site_is_served_over_it(client: FlaskClient, make_app) -> None:
    over_tls = make_app(JALON_BASE_URL="https://jalon.example").test_client().get("/sign-in")

    assert "max-age" in over_tls.headers["Strict-Transport-Security"]
    assert "Strict-Transport-Security" not in client.get("/sign-in").headers


def test_pages_are_not_kept_by_browsers_and_fingerprinted_files_are(client: FlaskClient) -> None:
    page = client.get("/sign-in")
    sheet = re.search(r'href="(/static/css/jalon\.css\?v=[0-9a-f]{12})"', page.text).group(1)

    assert page.headers["Cache-Control"] == "no-store"
    assert "immutable" in client.get(sheet, buffered=True).headers["Cache-Control"]
    assert "immutable" not in client.get("/static/css/jalon.css", buffered=True).headers["Cache-Control"]


@pytest.mark.parametrize("target", ["/manager/", "/manager/campaigns?state=late&page=2", "/x#part"])
def test_a_path_of_this_site_is_followed(target: str) -> None:
    assert safe_next(target, "/") == target


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "https://e.example",
        "//e.example",
        "/\\e.example",
        "\\\\e.example",
        "javascript:alert(1)",
        "/\t/e.example",
        "e.example",
        " /x",
        "/\n/e.example",
    ],
)
def test_anything_else_is_not(target: str | None) -> None:
    assert safe_next(target, "/home") == "/home"


@given(st.text())
def test_whatever_is_asked_for_the_way_leads_to_a_path(target: str) -> None:
    followed = safe_next(target, "/")

    assert followed.startswith("/")
    assert not followed.startswith(("//", "/\\"))


def test_a_request_of_the_api_with_its_own_credentials_needs_no_form_token(client: FlaskClient) -> None:
    bare = client.post("/api/nowhere", json={})
    signed = client.post("/api/nowhere", json={}, headers={"Authorization": "Bearer x"})
    # A browser that remembers a password sends it along with another site's form.
    remembered = client.post("/api/nowhere", json={}, headers={"Authorization": "Basic YTpi"})

    assert (remembered.status_code, remembered.json["code"]) == (400, "csrf")
    assert (bare.status_code, bare.json["code"]) == (400, "csrf")
    assert (signed.status_code, signed.json["code"]) == (404, "http.404")
