"""The portal's web page: three files, no framework, nothing from outside."""

from pathlib import Path

from aiohttp import web

FOLDER = Path(__file__).parent / "web"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; style-src 'self'; img-src 'self' data:; frame-ancestors 'self'",
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
}


def add_page_routes(app: web.Application) -> None:
    """Serve `/` and the files it needs under /_page/."""

    async def page(_: web.Request) -> web.Response:
        text = (FOLDER / "page.html").read_text(encoding="utf-8")
        return web.Response(text=text, content_type="text/html", headers=HEADERS)

    async def file(request: web.Request) -> web.Response:
        path = FOLDER / request.match_info["name"]
        if path.suffix not in TYPES or not path.is_file():
            raise web.HTTPNotFound
        return web.Response(text=path.read_text(encoding="utf-8"), content_type=TYPES[path.suffix], headers=HEADERS)

    app.router.add_get("/", page)
    app.router.add_get("/_page/{name:[a-z.]+}", file)
