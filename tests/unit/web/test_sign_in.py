import re
from dataclasses import replace

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from app.portals import landing
from app.security import limits
from app.security.passwords import MINIMUM_LENGTH, hash_password, password_matches
from tests.unit.web.conftest import PASSWORD, PASSWORD_HASH, AppMaker, sign_in, token
from workflows.parties.roles import Role


def test_the_right_password_opens_a_session_and_leads_to_the_page_asked_for(client: FlaskClient) -> None:
    answer = sign_in(client, "Claire", next_path="/style?page=2")

    assert (answer.status_code, answer.location) == (303, "/style?page=2")
    assert client.get("/").location == "/manager/"


def test_an_address_is_known_whatever_its_case(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={"email": "CLAIRE@Fleuve.example ", "password": PASSWORD, "csrf_token": token(client)})

    assert answer.status_code == 303


@pytest.mark.parametrize(("name", "password"), [("Claire", "not this one at all"), ("Nobody", PASSWORD), ("Sophie", PASSWORD)])
def test_a_wrong_password_and_an_unknown_address_read_the_same(client: FlaskClient, name: str, password: str) -> None:
    answer = sign_in(client, name, password)

    assert answer.status_code == 422
    assert "L’adresse ou le mot de passe n’est pas le bon" in answer.text
    assert client.get("/").status_code == 303


def test_what_was_typed_is_kept_but_never_the_password(client: FlaskClient) -> None:
    answer = sign_in(client, "Claire", "not this one at all")

    assert 'value="claire@fleuve.example"' in answer.text
    assert "not this one at all" not in answer.text


def test_the_way_back_never_leaves_the_site(client: FlaskClient) -> None:
    assert sign_in(client, "Claire", next_path="https://elsewhere.example/").location == "/"


def test_a_form_sent_from_elsewhere_is_refused(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={"email": "claire@fleuve.example", "password": PASSWORD})

    assert answer.status_code == 400
    assert "restée ouverte trop longtemps" in answer.text


def test_one_s_account_leads_back_to_one_s_portal(client: FlaskClient) -> None:
    sign_in(client, "Hugo")

    assert 'href="/approver/"' in client.get("/account").text.split("<nav", 1)[1].split("</nav>")[0]


def test_the_eleventh_attempt_within_a_minute_waits(client: FlaskClient) -> None:
    statuses = [sign_in(client, "Claire", "not this one at all").status_code for _ in range(11)]

    assert statuses == [422] * 10 + [429]


def test_who_tried_too_often_is_told_how_long_to_wait(client: FlaskClient) -> None:
    answers = [sign_in(client, "Claire", "not this one at all") for _ in range(11)]

    told = re.search(r"Patientez (\d+) secondes?, puis réessayez", answers[-1].text)
    assert told
    assert 1 <= int(told[1]) <= 61
    assert abs(int(told[1]) - int(answers[-1].headers["Retry-After"])) <= 1


def test_one_account_is_not_guessed_at_from_many_addresses(make_app: AppMaker) -> None:
    app = make_app(JALON_TRUSTED_PROXIES="1")
    with app.app_context():
        limits._limiter.reset()

    def attempt(number: int, email: str) -> int:
        client = app.test_client()
        form = {"email": email, "password": "not this one at all", "csrf_token": token(client)}
        return client.post("/sign-in", data=form, headers={"X-Forwarded-For": f"192.0.2.{number}"}).status_code

    statuses = [attempt(number, "claire@fleuve.example" if number % 2 else " CLAIRE@fleuve.example") for number in range(11)]

    assert statuses == [422] * 10 + [429]
    assert attempt(12, "emma@fleuve.example") == 422


@pytest.mark.parametrize(("proxies", "last"), [("0", 429), ("1", 422)], ids=["nobody is believed", "one proxy is"])
def test_whom_a_proxy_speaks_for_is_counted_only_where_proxies_stand(make_app: AppMaker, proxies: str, last: int) -> None:
    app = make_app(JALON_TRUSTED_PROXIES=proxies)
    with app.app_context():
        limits._limiter.reset()
    client = app.test_client()

    statuses = [
        client.post(
            "/sign-in",
            data={"email": f"{number}@fleuve.example", "password": "not this one at all", "csrf_token": token(client)},
            headers={"X-Forwarded-For": f"192.0.2.{number}"},
        ).status_code
        for number in range(11)
    ]

    assert statuses == [422] * 10 + [last]


def test_with_two_proxies_what_somebody_made_up_before_them_is_not_believed(make_app: AppMaker) -> None:
    app = make_app(JALON_TRUSTED_PROXIES="2")
    with app.test_request_context():
        seen: list[str | None] = []
        app.before_request_funcs.setdefault(None, []).insert(0, lambda: seen.append(request.remote_addr))
    app.test_client().get("/healthz", headers={"X-Forwarded-For": "203.0.113.9, 192.0.2.1, 198.51.100.1"})

    assert seen == ["192.0.2.1"]


def test_attempts_are_counted_whatever_switched_the_counting_off_before(make_app: AppMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits._limiter, "enabled", False)
    client = make_app().test_client()

    statuses = [sign_in(client, "Claire", "not this one at all").status_code for _ in range(11)]

    assert statuses[-1] == 429


def test_only_what_declares_how_often_it_may_be_asked_is_counted(client: FlaskClient) -> None:
    assert "X-RateLimit-Remaining" in client.get("/supplier/enter/nothing").headers
    assert "X-RateLimit-Remaining" not in client.get("/sign-in").headers


def test_a_new_password_ends_older_sessions(client: FlaskClient, people) -> None:
    sign_in(client, "Claire")
    people.people[0] = replace(people.people[0], password_hash=hash_password("another long password"))

    assert client.get("/").location.startswith("/sign-in")


def test_a_person_who_left_has_no_session_any_more(client: FlaskClient, people) -> None:
    sign_in(client, "Claire")
    del people.people[0]

    assert client.get("/").location.startswith("/sign-in")


def test_signing_out_ends_the_session_and_says_so(client: FlaskClient) -> None:
    sign_in(client, "Nadia")
    answer = client.post("/sign-out", data={"csrf_token": token(client, "/")}, follow_redirects=True)

    assert "Vous êtes déconnecté." in answer.text
    assert client.get("/").location.startswith("/sign-in")


def test_a_person_without_a_role_is_told_whom_to_ask(client: FlaskClient) -> None:
    sign_in(client, "Nadia")

    assert "Votre administrateur donne les rôles" in client.get("/").text


def test_several_roles_land_on_the_strongest() -> None:
    assert landing({Role.SUPPLIER, Role.BUDGET_APPROVER}) == "/approver/"
    assert landing({Role.DPO}) == "/auditor/"
    assert landing(set()) is None


def test_the_demonstration_signs_in_with_one_click(make_app, people) -> None:
    client = make_app(JALON_DEMO="1").test_client()
    page = client.get("/sign-in").text
    chosen = people.people[1].actor.person_id
    answer = client.post("/demo/sign-in", data={"person_id": str(chosen), "csrf_token": token(client)})

    assert "Visiter en tant que…" in page
    assert "Démonstration" in page
    assert (answer.status_code, client.get("/").location) == (303, "/auditor/")


def test_outside_the_demonstration_there_is_no_one_click_sign_in(client: FlaskClient, people) -> None:
    answer = client.post("/demo/sign-in", data={"person_id": str(people.people[0].actor.person_id), "csrf_token": token(client)})

    assert answer.status_code == 404
    assert "Visiter en tant que" not in client.get("/sign-in").text


def test_the_session_cookie_is_closed_to_scripts_and_to_other_sites(client: FlaskClient) -> None:
    cookie = sign_in(client, "Claire").headers["Set-Cookie"]

    assert cookie.startswith("jalon=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_over_tls_the_session_cookie_belongs_to_this_host_alone(make_app) -> None:
    app: Flask = make_app(JALON_BASE_URL="https://jalon.example")
    cookie = app.test_client().get("/sign-in", base_url="https://jalon.example").headers["Set-Cookie"]

    assert cookie.startswith("__Host-jalon=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


def test_a_password_is_kept_as_argon2id_and_recognised() -> None:
    assert PASSWORD_HASH.startswith("$argon2id$")
    assert password_matches(PASSWORD_HASH, PASSWORD)
    assert not password_matches(PASSWORD_HASH, PASSWORD + " ")
    assert not password_matches(None, "nobody has this password")
    assert not password_matches("not a hash", PASSWORD)


def test_a_short_password_is_refused() -> None:
    with pytest.raises(ValueError, match="at least"):
        hash_password("x" * (MINIMUM_LENGTH - 1))
