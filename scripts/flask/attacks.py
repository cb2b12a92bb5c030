"""Seven attacks on the Flask service in app.py, and the same on the example service in Rust.

Each must succeed on the one and fail on the other; then the table of docs/from-flask.md is written.
All of it is on loopback, against programs of this repository alone. Run by scripts/from-flask.
"""
import json
import os
import re
import secrets
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
urllib3.disable_warnings()
# A request is one request: no attack succeeds by being repeated.
http = urllib3.PoolManager(retries=False, cert_reqs="CERT_NONE")


def check(holds, what):
    if not holds:
        raise SystemExit(f"not as the document says: {what}")


class Program:
    """A program that runs until its attack is over; its output is kept."""

    def __init__(self, arguments, env, ready):
        self.lines, self.found = [], None
        self.process = subprocess.Popen(
            arguments, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True,
        )
        is_ready = threading.Event()

        def read():
            for line in self.process.stdout:
                self.lines.append(line)
                self.found = self.found or re.search(ready, "".join(self.lines))
                if self.found:
                    is_ready.set()
            is_ready.set()

        threading.Thread(target=read, daemon=True).start()
        check(is_ready.wait(60), f"{arguments[0]} is not ready: {self.output}")

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
        program.token = re.search(r"Bearer ([^']*)'", program.output)[1]
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
    def __init__(self, work):
        self.work, self.rows = work, []
        engine = Program(
            [f"{BINARIES}/examples/engine_for_other_languages"], clean(),
            r"(?s)(AWS_.*)(-----BEGIN.*END CERTIFICATE-----)",
        )
        self.engine = engine
        self.aws = dict(line.split("=", 1) for line in engine.found[1].split())
        self.ca = f"{work}/engine.pem"
        with open(self.ca, "w") as file:
            file.write(engine.found[2])
        self.aws["AWS_DEFAULT_REGION"] = self.aws["AWS_REGION"]
        self.port = int(self.aws["AWS_ENDPOINT_URL_DYNAMODB"].rsplit(":", 1)[1])
        self.honest = clean(**self.aws, AWS_CA_BUNDLE=self.ca)
        self.table = boto3.resource(
            "dynamodb", region_name=self.aws["AWS_REGION"], verify=self.ca,
            endpoint_url=self.aws["AWS_ENDPOINT_URL_DYNAMODB"],
            aws_access_key_id=self.aws["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self.aws["AWS_SECRET_ACCESS_KEY"],
        ).Table("users")
        for user_id, tenant in (("ann", "acme"), ("bob", "acme"), ("eve", "other")):
            self.table.put_item(Item={
                "user_id": user_id, "tenant": tenant, "role": "user", "password": PASSWORD,
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
        client = subprocess.run(
            [f"{BINARIES}/examples/man_in_the_middle", str(man.port), self.ca,
             self.aws["AWS_ACCESS_KEY_ID"], self.aws["AWS_SECRET_ACCESS_KEY"], "ann"],
            env=clean(), capture_output=True, text=True, check=True,
        )
        check(client.stdout.startswith("refused: "), client.stdout)
        check(man.requests == [] and man.refusals == 1, "one handshake, and no request")
        self.row(
            "The client does not verify certificates: `verify=False`",
            "A server on the way, with a certificate of its own, reads requests and changes answers",
            "It reads the signed request and changes the answer: `ann` is an administrator, `\"role\": \"admin\"`",
            "`is_refused()` after one handshake; the server has seen no byte of a request",
        )

    def endpoint_by_environment(self):
        man = MiddleMan(self.port, self.ca, self.work, over_tls=False)
        url = f"http://127.0.0.1:{man.port}"
        with flask({**self.honest, "AWS_ENDPOINT_URL_DYNAMODB": url}) as app:
            call(f"{app.url}/users", "POST", {"user_id": "mallory", "password": "mallory's own"})
        check(man.saw("mallory's own"), "the password goes by in plain text")
        headers, _ = man.requests[0]
        check(headers["Authorization"].startswith("AWS4-HMAC-SHA256"), "and the signature")
        man.requests.clear()
        secret, key = f"{self.work}/secret", f"{self.work}/token-key.pem"
        with open(secret, "w") as file:
            file.write(secrets.token_hex(32))
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", key], check=True,
                       capture_output=True)
        env = clean(
            DYNAMO_REGION="us-east-1", SECRET_FILE=secret, TOKEN_KEY=key, USER_SERVICE_PORT="0",
            AWS_ACCESS_KEY_ID="AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY="example",
            AWS_ENDPOINT_URL_DYNAMODB=url,
        )
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
        field = "user_id = :value OR user_id <> :value OR user_id"
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
            "`field=user_id = :value OR user_id <> :value OR user_id`",
            "All users of all tenants, with their passwords",
            f"As a name: {code(as_field)}. As a value, it finds nobody: no user has this name",
        )

    def unconditional_put(self, app, rust):
        taken = {"user_id": "bob", "tenant": "acme", "role": "admin", "password": "of the attacker"}
        status, _ = call(f"{app.url}/users", "POST", taken)
        now = self.table.get_item(Key={"user_id": "bob"}, ConsistentRead=True)["Item"]
        check(status == 201 and now["password"] == "of the attacker", now)
        user_id = "0b9f8c1e-6f0a-4b1e-9c55-2f1d3a4b5c6d"
        bob = {"user_id": user_id, "email": "bob@example.com", "name": "Bob", "password": PASSWORD}
        status, body = call(f"{rust.url}/users", "POST", bob, rust.token)
        check(status == 201, body)
        again = {**bob, "email": "mallory@example.com", "name": "Mallory"}
        refused = call(f"{rust.url}/users", "POST", again, rust.token)
        check(refused[0] == 409, refused)
        _, body = call(f"{rust.url}/users/{user_id}", token=rust.token)
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
        logged = "correct+horse+battery" in app.output
        check(status == 200 and logged, app.output)
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
        self.engine.process.stdin.close()
        self.engine.process.wait()


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
    with tempfile.TemporaryDirectory() as work:
        attacks = Attacks(work)
        attacks.run()
        write(attacks.rows)
