# One business service: that service and shared, nothing of the others. Build with --build-arg SERVICE=registration.
FROM python:3.11-slim
ARG SERVICE
WORKDIR /app
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=/app TONGBAN_REGION_PACK=/app/regions/yongji
COPY deploy/images/requirements.lock ./
RUN pip install --no-cache-dir --require-hashes --no-deps -r requirements.lock
COPY deploy/regions regions
COPY shared shared
COPY services/__init__.py services/__init__.py
COPY services/${SERVICE} services/${SERVICE}
USER 10001
EXPOSE 8000
