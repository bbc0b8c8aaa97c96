# The provisioner, a job: makes streams and consumers as all services declare them, and migrates every database.
FROM python:3.11-slim
WORKDIR /app
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=/app TONGBAN_REGION_PACK=/app/regions/yongji
COPY deploy/images/requirements.lock ./
RUN pip install --no-cache-dir --require-hashes --no-deps -r requirements.lock
COPY deploy/regions regions
COPY shared shared
COPY services services
COPY gateway gateway
COPY deploy/__init__.py deploy/__init__.py
COPY deploy/local deploy/local
USER 10001
