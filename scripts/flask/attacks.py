"""Seven attacks on the Flask service in app.py, and the same on the example service in Rust.

Each must succeed on the one and fail on the other; then the table of docs/from-flask.md is written.
All of it is on loopback, against programs of this repository alone. Run by scripts/from-flask.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
from urllib.parse import urlencode

import boto3
import urllib3

from middle_man import MiddleMan

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BINARIES = sys.argv[1]
DOCUMENT = f"{ROOT}/docs/from-flask.md"
BEGIN, END = "<!-- attacks: scripts/from-flask writes them -->", "<!-- end of attacks -->"
PASSWORD = "correct horse battery"
USER_ID = "0b9f8c1e-6f0a-4b1e-9c55-2f1d3a4b5c6d"
urllib3.disable_warnings()
# A request is one request: no attack succeeds by being repeated.
http = urllib3.PoolManager(retries=False, cert_reqs="CERT_NONE")


def check(holds, what):
    if not holds:
        raise SystemExit(f"not as the document says: {what}")


class Program:
    """A program that runs until its attack is over; its output is kept."""

    def __init__(self, arguments, env, ready):
        self.lines, self.is_over, self.changed = [], False, threading.Condition()
        self.process = subprocess.Popen(
            arguments, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True,
        )
        threading.Thread(target=self.read, daemon=True).start()
        self.found = self.shows(ready)

    def read(self):
        for line in self.process.stdout:
            with self.changed:
                self.lines.append(line)
                self.changed.notify_all()
        with self.changed:
            self.is_over = True
            self.changed.notify_all()

    def shows(self, pattern):
        """What it prints, once it does, or nothing where it has ended."""
        with self.changed:
            found = lambda: re.search(pattern, self.output)
            check(self.changed.wait_for(lambda: found() or self.is_over, 60), self.output)
            return found()

    @property
    def output(self):
        return "".join(self.lines)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def clean(**extra):
    """An environment that says nothing of AWS but what is added."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {**kept, **extra}


def flask(env):
    program = Program(
        [sys.executable, f"{os.path.dirname(os.path.abspath(__file__))}/app.py", "0"],
        env, r"Running on http://127\.0\.0\.1:(\d+)",
    )
    program.url = f"http://127.0.0.1:{program.found[1]}" if program.found else None
    return program


def service(env):
    program = Program([f"{BINARIES}/user-service"], env, r"its interface: (\S+)/docs/")
    if program.found:
        program.url = program.found[1]
        token = re.search(r"Bearer ([^']*)'", program.output)
        program.token = token and token[1]
    return program


def call(url, method="GET", body=None, token=None, headers=None):
    headers = {**(headers or {})}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if body is not None:
        headers["Content-Type"] = "application/json"
        body = json.dumps(body)
    answer = http.request(method, url, body=body, headers=headers)
    return answer.status, answer.data.decode()


def code(answer):
    """A refusal of the Rust service, as the table shows it."""
    status, body = answer
    return f"{status} `{json.loads(body)['code']}`"


class Attacks:
    def __init__(self, work, engine):
        self.work, self.rows = work, []
        with open(engine.found[1]) as file:
            # What an instance of the Rust service is given to use the engine.
            self.settings = dict(re.findall(r"(\w+)='(.*)'", file.read()))
        self.ca = self.settings["DYNAMO_ENGINE_CA"]
        self.port = int(self.settings["DYNAMO_ENGINE"].rsplit(":", 1)[1])
        keys = {name: self.settings[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}
        region, url = self.settings["DYNAMO_REGION"], f"https://{self.settings['DYNAMO_ENGINE']}"
        # And what the Flask service is given.
        self.honest = clean(**keys, AWS_DEFAULT_REGION=region, AWS_CA_BUNDLE=self.ca,
                            AWS_ENDPOINT_URL_DYNAMODB=url)
        self.table = boto3.resource(
            "dynamodb", region_name=region, endpoint_url=url, verify=self.ca,
            **{name.lower(): key for name, key in keys.items()},
        ).Table("users")
        for name, tenant in (("ann", "acme"), ("bob", "acme"), ("eve", "other")):
            self.table.put_item(Item={
                "pk": name, "tenant": tenant, "role": "user", "password": PASSWORD,
            })

    def row(self, mistake, attack, on_flask, on_rust):
        self.rows.append((mistake, attack, on_flask, on_rust))
        print(f"{len(self.rows)}. {mistake}\n   Flask: {on_flask}\n   Rust:  {on_rust}", flush=True)

    def without_verification(self):
        man = MiddleMan(self.port, self.ca, self.work, over_tls=True)
        man.change = lambda body: body.replace(b'{"S":"user"}', b'{"S":"admin"}')
        url = f"https://localhost:{man.port}"
        env = {**self.honest, "AWS_ENDPOINT_URL_DYNAMODB": url, "CHECK_CERTIFICATES": "no"}
        with flask(env) as app:
            status, body = call(f"{app.url}/users/ann")
        check(status == 200 and json.loads(body)["role"] == "admin", "the answer is changed")
        check(man.saw('"ann"'), "the request is read")
        man.requests.clear()
        engine = f"localhost:{man.port}"
        env = clean(**{**self.settings, "DYNAMO_ENGINE": engine, "USER_SERVICE_PORT": "0"})
        with service(env) as rust:
            token = subprocess.run(
                [f"{BINARIES}/user-service", "token", "--key", self.settings["TOKEN_KEY"]],
                env=clean(), capture_output=True, text=True, check=True,
            ).stdout.strip()
            refused = call(f"{rust.url}/users/{USER_ID}", token=token)
        check(code(refused) == "503 `not-ready`", refused)
        check(man.requests == [] and man.refusals > 0, "handshakes, and no request")
        self.row(
            "The client does not verify certificates: `verify=False`",
            "A server on the way, with a certificate of its own, reads requests and changes answers",
            "It reads the signed request and changes the answer: `ann` is an administrator, `\"role\": \"admin\"`",
            f"{code(refused)}: its client refuses the server, and sends no byte of a request",
        )

    def endpoint_by_environment(self):
        man = MiddleMan(self.port, self.ca, self.work, over_tls=False)
        url = f"http://127.0.0.1:{man.port}"
        with flask({**self.honest, "AWS_ENDPOINT_URL_DYNAMODB": url}) as app:
            call(f"{app.url}/users", "POST", {"pk": "mallory", "password": "mallory's own"})
        check(man.saw("mallory's own"), "the password goes by in plain text")
        headers, _ = man.requests[0]
        check(headers["Authorization"].startswith("AWS4-HMAC-SHA256"), "and the signature")
        man.requests.clear()
        env = clean(**self.settings, USER_SERVICE_PORT="0", AWS_ENDPOINT_URL_DYNAMODB=url)
        with service(env) as program:
            check(program.process.wait(60) != 0, "it does not start")
        check("AWS_ENDPOINT_URL_DYNAMODB" in program.output, program.output)
        check(man.requests == [], "nothing was sent")
        self.row(
            "The environment says where the table is: `boto3.resource(\"dynamodb\")`",
            "`AWS_ENDPOINT_URL_DYNAMODB=http://..` in the environment of the process",
            "Every signed request goes to that server without TLS; it reads the password of a new user",
            "It does not start: `build` fails, and its error names the variable; nothing is sent",
        )

    def concatenated_expression(self, app, rust):
        field = "pk = :value OR pk <> :value OR pk"
        query = urlencode({"field": field, "value": "x", "tenant": "acme"})
        status, body = call(f"{app.url}/search?{query}")
        tenants = {user.get("tenant") for user in json.loads(body)}
        check(status == 200 and "other" in tenants, f"another tenant's users: {body}")
        as_field = call(f"{rust.url}/users/search", "POST", {field: "x"}, rust.token)
        as_value = call(f"{rust.url}/users/search", "POST", {"name": field}, rust.token)
        check(as_field[0] == 400 or as_field[0] == 422, as_field)
        check(as_value[0] == 200 and json.loads(as_value[1])["users"] == [], as_value)
        self.row(
            "A caller's text is a part of an expression: `f\"tenant = :tenant AND {field} = :value\"`",
            f"`field={field}`",
            "All users of all tenants, with their passwords",
            f"As a name: {code(as_field)}. As a value, it finds nobody: no user has this name",
        )

    def unconditional_put(self, app, rust):
        taken = {"pk": "bob", "tenant": "acme", "role": "admin", "password": "of the attacker"}
        status, _ = call(f"{app.url}/users", "POST", taken)
        now = self.table.get_item(Key={"pk": "bob"}, ConsistentRead=True)["Item"]
        check(status == 201 and now["password"] == "of the attacker", now)
        bob = {"user_id": USER_ID, "email": "bob@example.com", "name": "Bob", "password": PASSWORD}
        status, body = call(f"{rust.url}/users", "POST", bob, rust.token)
        check(status == 201, body)
        again = {**bob, "email": "mallory@example.com", "name": "Mallory"}
        refused = call(f"{rust.url}/users", "POST", again, rust.token)
        check(refused[0] == 409, refused)
        _, body = call(f"{rust.url}/users/{USER_ID}", token=rust.token)
        check(json.loads(body)["email"] == "bob@example.com", body)
        self.row(
            "A put without a condition: `table.put_item(Item=..)`",
            "Sign up with an id that is taken",
            "The account is the attacker's: another password, and `\"role\": \"admin\"`",
            f"{code(refused)}, and the account is as it was",
        )

    def error_text(self, app, rust):
        key = "x" * 2100
        status, body = call(f"{app.url}/users/{key}")
        check(status == 500 and "GetItem" in body and "ValidationException" in body, body)
        refused = call(f"{rust.url}/users/{key}", token=rust.token)
        check(400 <= refused[0] < 500, refused)
        inside = ("GetItem", "Exception", "Dynamo", "dynamo", "partition", "amazonaws")
        check(not any(word in refused[1] for word in inside), refused)
        self.row(
            "The caller reads the text of errors: `return str(error), 500`",
            "An id of 2,100 characters",
            "The database, the operation and its limits: `" + body.split(":")[0] + ": ..`",
            f"{code(refused)}, with an id by which the operator finds the cause in the log",
        )

    def forwarded_proto(self, app, rust):
        status, _ = call(f"{app.url}/users/ann")
        check(status == 200, "without the header")
        forged = {"X-Forwarded-Proto": "https"}
        status, _ = call(f"{app.url}/users/ann", headers=forged)
        check(status == 200, "with a forged header")
        env = clean(USER_SERVICE_PORT="0", PLAIN_LISTEN="127.0.0.1:0", PROXY_ADDRESSES="127.0.0.1")
        with service(env) as behind:
            plain = re.search(r"without TLS on (\S+),", behind.output)[1]
            url = f"http://{plain}/users/search"
            without = call(url, "POST", {"name": "x"}, behind.token)
            doubled = call(url, "POST", {"name": "x"}, behind.token,
                           {"X-Forwarded-Proto": "https, https"})
        check(without[0] == 403 and doubled[0] == 403, (without, doubled))
        env["PROXY_ADDRESSES"] = "192.0.2.1"
        with service(env) as behind:
            plain = re.search(r"without TLS on (\S+),", behind.output)[1]
            stranger = call_or_closed(f"http://{plain}/users/search", forged, behind.token)
        check(stranger == "closed" or stranger[0] == 403, stranger)
        stranger = "the connection is closed" if stranger == "closed" else code(stranger)
        self.row(
            "`X-Forwarded-Proto` is believed, and its absence too: `headers.get(.., \"https\")`",
            "A request without TLS: with no header, and with a forged one",
            "200 for both, with the user's data in plain text",
            f"From the proxy without the header, or with two: {code(without)}. From anybody else: {stranger}",
        )

    def secret_in_query(self, app, rust):
        query = urlencode({"user_id": "ann", "password": PASSWORD})
        status, _ = call(f"{app.url}/login?{query}")
        check(status == 200 and app.shows(r"password=correct\+horse\+battery"), app.output)
        refused = call(f"{rust.url}/login?{query}")
        check(400 <= refused[0] < 500, refused)
        posted = call(f"{rust.url}/login", "POST", {"email": "bob@example.com", "password": PASSWORD})
        check(posted[0] == 200, posted)
        check("battery" not in rust.output, "the log has the password")
        self.row(
            "A secret in the query string: `/login?password=..`",
            "Read the access log",
            "`GET /login?user_id=ann&password=correct+horse+battery`",
            f"{code(refused)}. The log has no query string, no path and no body; a login is a `POST` with a body",
        )

    def run(self):
        self.without_verification()
        self.endpoint_by_environment()
        with flask(self.honest) as app, service(clean(USER_SERVICE_PORT="0")) as rust:
            self.concatenated_expression(app, rust)
            self.unconditional_put(app, rust)
            self.error_text(app, rust)
            self.forwarded_proto(app, rust)
            self.secret_in_query(app, rust)


def call_or_closed(url, headers, token):
    try:
        return call(url, "POST", {"name": "x"}, token, headers)
    except urllib3.exceptions.HTTPError:
        return "closed"


def write(rows):
    lines = [BEGIN, "", "| | mistake | attack | the Flask service | the Rust service |",
             "|---|---|---|---|---|"]
    lines += [f"| {number} | " + " | ".join(row) + " |" for number, row in enumerate(rows, 1)]
    with open(DOCUMENT) as file:
        text = file.read()
    head, tail = text.split(BEGIN)[0], text.split(END)[1]
    with open(DOCUMENT, "w") as file:
        file.write(head + "\n".join([*lines, "", END]) + tail)


if __name__ == "__main__":
    engine = Program([f"{BINARIES}/user-service", "engine"], clean(), r"made for this run: (\S+)")
    with tempfile.TemporaryDirectory() as work, engine:
        attacks = Attacks(work, engine)
        attacks.run()
        write(attacks.rows)
