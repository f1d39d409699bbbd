#!/usr/bin/env python3
"""A web server that lies, on loopback: server.py [CERTIFICATE]. Prints its port; ends when its input ends.

FILES=1: an honest one for the current directory. IPV6=1: on ::1 alone. SILENT=1: it takes connections and says nothing."""

import base64
import gzip
import http.server
import os
import socket
import ssl
import sys
import threading
import time

BODY = bytes(range(256)) * 400
seen = {}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def answer(self, status, headers=(), body=b"", length=True):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if length:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def cut(self):
        self.close_connection = True

    def do_GET(self):
        count = seen[self.path] = seen.get(self.path, 0) + 1
        getattr(self, "get_" + self.path.strip("/").split("/")[0].replace("-", "_"), self.get_missing)(count)

    def get_missing(self, count):
        self.answer(404, body=b"<html>not here</html>")

    def get_ok(self, count):
        self.answer(200, body=BODY)

    def get_count(self, count):
        self.answer(200, body=repr(sorted(seen.items())).encode())

    def get_cut(self, count):
        self.answer(200, [("Content-Length", "200000")], BODY, length=False)
        self.cut()

    def get_cut_chunks(self, count):
        self.answer(200, [("Transfer-Encoding", "chunked")], b"10\r\n" + bytes(16) + b"\r\n20\r\nabc", length=False)
        self.cut()

    def get_two_lengths(self, count):
        self.answer(200, [("Content-Length", "100")], BODY)
        self.cut()

    def get_more(self, count):
        self.answer(200, [("Content-Length", str(len(BODY)))], BODY + b"more", length=False)
        self.cut()

    def get_no_length(self, count):
        self.answer(200, [("Connection", "close")], BODY, length=False)

    def get_packed(self, count):
        """What was asked for is packed itself; the second coding is the server's."""
        self.answer(200, [("Content-Encoding", "gzip, gzip")], gzip.compress(gzip.compress(BODY)))

    def get_loop(self, count):
        self.answer(302, [("Location", "/loop")])

    def get_redirect(self, count):
        self.answer(302, [("Location", "/ok")])

    def get_to_http(self, count):
        self.answer(302, [("Location", "http://127.0.0.1:1/ok")])

    def get_to_file(self, count):
        self.answer(302, [("Location", "file:///etc/hostname")])

    def get_status(self, count):
        self.answer(int(self.path.split("/")[2]), body=b"odd")

    def get_busy(self, count):
        self.answer(429, [("Retry-After", "0")]) if count < 3 else self.answer(200, body=BODY)

    def get_broken(self, count):
        self.answer(500) if count < 2 else self.answer(200, body=BODY)

    def get_large_header(self, count):
        self.answer(200, [("X-%d" % n, "x" * 60000) for n in range(100)], BODY)

    def get_endless_header(self, count):
        self.answer(200, [("X-Large", "x" * 10_000_000)], BODY)

    def get_large_trailer(self, count):
        lines = b"".join(b"X-%d: %s\r\n" % (n, b"x" * 60000) for n in range(100))
        self.answer(200, [("Transfer-Encoding", "chunked")], b"3\r\nabc\r\n0\r\n" + lines + b"\r\n", length=False)

    def get_endless(self, count):
        self.answer(200, [("Transfer-Encoding", "chunked")], length=False)
        try:
            while True:
                self.wfile.write(b"10000\r\n" + bytes(65536) + b"\r\n")
        except OSError:
            self.cut()

    def get_drip(self, count):
        self.answer(200, [("Content-Length", "100000")], length=False)
        try:
            for _ in range(100):
                self.wfile.write(b"x")
                time.sleep(0.2)
        except OSError:
            pass
        self.cut()

    def get_private(self, count):
        wanted = "Basic " + base64.b64encode(b"me:secret").decode()
        self.answer(200 if self.headers.get("Authorization") == wanted else 401, body=BODY)

    def part(self, tag, body, count):
        """The first answer ends early; then ranges are honoured if the tag is still right."""
        wanted = self.headers.get("Range")
        headers = [("ETag", tag)]
        if count == 1:
            self.answer(200, headers + [("Content-Length", str(len(body)))], body[:50000], length=False)
            self.cut()
        elif wanted and self.headers.get("If-Range") == tag:
            start = int(wanted[6:-1])
            seen["resumed " + self.path] = start
            self.answer(206, headers + [("Content-Range", "bytes %d-%d/%d" % (start, len(body) - 1, len(body)))],
                        body[start:])
        else:
            self.answer(200, headers, body)

    def get_ignorant(self, count):
        """Ranges are honoured whatever the tag."""
        if count == 1:
            self.part('"one"', BODY, count)
        elif self.headers.get("Range"):
            start = int(self.headers["Range"][6:-1])
            body = BODY[::-1]
            self.answer(206, [("ETag", '"two"'), ("Content-Range", "bytes %d-%d/%d" % (start, len(body) - 1, len(body)))],
                        body[start:])
        else:
            self.answer(200, [("ETag", '"two"')], BODY[::-1])

    def get_resumable(self, count):
        self.part('"strong"', BODY, count)

    def get_changing(self, count):
        self.part('"v%d"' % count, BODY[::-1] if count > 1 else BODY, count)

    def get_weak(self, count):
        self.part('W/"weak"', BODY, count)

    def get_wrong_part(self, count):
        if count == 1:
            self.part('"strong"', BODY, count)
        else:
            self.answer(206, [("ETag", '"strong"'), ("Content-Range", "bytes 7-99/100")], BODY[7:])

    def get_no_range(self, count):
        self.part('"strong"', BODY, count) if count == 1 or not self.headers.get("Range") else self.answer(416)


class Files(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


class Server(http.server.ThreadingHTTPServer):
    address_family = socket.AF_INET6 if os.environ.get("IPV6") else socket.AF_INET


server = Server(("::1" if os.environ.get("IPV6") else "127.0.0.1", 0), Files if os.environ.get("FILES") else Handler)
server.daemon_threads = True
if len(sys.argv) > 1:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1])
    server.socket = context.wrap_socket(server.socket, server_side=True)
if not os.environ.get("SILENT"):
    threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
sys.stdin.read()
