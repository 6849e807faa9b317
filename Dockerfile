# One image for web, worker and beat.
FROM python:3.11-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PYTHONPATH=/app:/app/site \
    DATA_DIR=/data

WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock

COPY manage.py ./
COPY locale ./locale
COPY site ./site
COPY news ./news
COPY newsletter ./newsletter

RUN useradd --system --uid 10001 --home-dir /data pregon \
    && install -d -o pregon -g pregon /data /data/journal /data/media
USER 10001
VOLUME ["/data"]
EXPOSE 8000

CMD ["python", "-m", "granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "2", "--no-access-log", "config.wsgi:application"]
