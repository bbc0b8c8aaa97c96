# The gateway: its parts and shared; it imports no service.
FROM python:3.11-slim
WORKDIR /app
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=/app TONGBAN_REGION_PACK=/app/regions/yongji
COPY deploy/images/requirements.lock ./
RUN pip install --no-cache-dir --require-hashes --no-deps -r requirements.lock
COPY deploy/regions regions
COPY shared shared
COPY gateway gateway
USER 10001
EXPOSE 8000
