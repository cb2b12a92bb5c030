"""A man in the middle, on loopback: it reads what goes by, and changes it."""
import http.client
import http.server
import ssl
import subprocess
import threading
import zlib


class MiddleMan:
    """Listens on a port, with a certificate of its own or without TLS, and passes all on to the engine."""

    def __init__(self, engine_port, engine_ca, work, over_tls):
        self.requests, self.refusals = [], 0
        self.change = lambda body: body
        trust = ssl.create_default_context(cafile=engine_ca)
        man = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                man.requests.append((dict(self.headers), body))
                onward = http.client.HTTPSConnection("localhost", engine_port, context=trust)
                onward.request("POST", "/", body, {**self.headers, "Host": self.headers["Host"]})
                answer = onward.getresponse()
                changed = man.change(answer.read())
                self.send_response(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in ("content-length", "x-amz-crc32", "date", "server"):
                        self.send_header(name, value)
                self.send_header("x-amz-crc32", str(zlib.crc32(changed)))
                self.send_header("Content-Length", str(len(changed)))
                self.end_headers()
                self.wfile.write(changed)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            def get_request(self):
                socket, address = super().get_request()
                if not over_tls:
                    return socket, address
                try:
                    return context.wrap_socket(socket, server_side=True), address
                except (ssl.SSLError, ConnectionError) as error:
                    man.refusals += 1
                    raise OSError(error) from error

        if over_tls:
            cert, key = f"{work}/middle.pem", f"{work}/middle-key.pem"
            subprocess.run(
                ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
                 "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                 "-keyout", key, "-out", cert],
                check=True, capture_output=True,
            )
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(cert, key)
        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def saw(self, text):
        return any(text.encode() in body for _, body in self.requests)
