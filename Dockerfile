# The service with everything it can use: PostgreSQL, Redis, Parquet. It keeps its SQLite files, if any, in /data.
#   docker build -t nianbao . && docker run -p 127.0.0.1:8000:8000 -v nianbao:/data nianbao
# Where no daemon runs, buildah builds it too: buildah bud --format docker --isolation chroot -t nianbao .
# It listens beyond loopback, so it asks for a key: docker exec CONTAINER nianbao keys create me --role admin
FROM python:3.11-slim AS build
WORKDIR /src
COPY pyproject.toml README.md ./
COPY models models
COPY extractor extractor
COPY service service
RUN python -m venv /opt/nianbao && /opt/nianbao/bin/pip install --no-cache-dir '.[postgres,redis,parquet]'

FROM python:3.11-slim
# OpenCV, which layoutparser brings, links these two.
RUN apt-get update && apt-get install -y --no-install-recommends libgl1 libglib2.0-0 && rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/nianbao /opt/nianbao
RUN useradd --system --uid 10001 nianbao && install -d -o nianbao /data
ENV PATH=/opt/nianbao/bin:$PATH NIANBAO_DATA=/data PYTHONUNBUFFERED=1
USER nianbao
VOLUME /data
EXPOSE 8000
HEALTHCHECK --start-period=60s --interval=15s CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/readyz', timeout=5)"]
# exec form: signals reach the service, which lets requests under way end
CMD ["nianbao", "serve", "--host", "0.0.0.0", "--port", "8000"]
