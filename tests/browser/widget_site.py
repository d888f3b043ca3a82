"""A site with our widget on it, at another origin than the chat's: a bare page on a port of its own."""

import contextlib
import http.server
import threading
from collections.abc import Iterator

PAGE = """<!doctype html><html lang="ru"><head><meta charset="utf-8"><title>Окна</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"></head>
<body><h1>Окна</h1><a href="#x" id="before">Главная</a>
<script src="{chat}/chat/widget.js" data-key="{key}" {attributes} async></script></body></html>"""


class Site:
    """What the page holds; may be changed between loads."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.chat = ""
        self.key = ""
        self.attributes = ""
        self.policy = ""  # the site's own Content-Security-Policy

    def page(self) -> bytes:
        return PAGE.format(chat=self.chat, key=self.key, attributes=self.attributes).encode()


@contextlib.contextmanager
def host_site() -> Iterator[Site]:
    """Serve the page until the end of the block."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            if site.policy:
                self.send_header("Content-Security-Policy", site.policy)
            self.end_headers()
            self.wfile.write(site.page())

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = Site(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
