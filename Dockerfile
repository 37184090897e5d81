# The service: API, worker, beat and one-shot jobs are this image with other commands.
# Tags are pinned; digests are the deploying site's to add (docs/deployment.md): no image registry was at hand here.
ARG PYTHON_IMAGE=python:3.11.14-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
WORKDIR /src
COPY pyproject.toml requirements.lock README.md ./
COPY deploy/image ./deploy/image
COPY templates/docx ./templates/docx
COPY signing ./signing
COPY storage ./storage
COPY doc_service ./doc_service
RUN ./deploy/image/install.sh /src /opt/doc-service

FROM ${PYTHON_IMAGE}
# Rendering depends on these: other versions may lay a page out otherwise, so they change on purpose only. Debian's
# mirrors drop a version that a security update replaces; the archive named by DEBIAN_SNAPSHOT keeps all, e.g.
# --build-arg DEBIAN_SNAPSHOT=20261121T000000Z
ARG DEBIAN_SNAPSHOT=
ARG LIBREOFFICE_VERSION=4:7.4.7-1+deb12u14
ARG NOTO_VERSION=20201225-1
ARG GRAPHVIZ_VERSION=2.42.2-7+deb12u1
RUN set -eu; \
    if [ -n "$DEBIAN_SNAPSHOT" ]; then \
      rm -f /etc/apt/sources.list.d/debian.sources; \
      for part in debian/$DEBIAN_SNAPSHOT:bookworm debian/$DEBIAN_SNAPSHOT:bookworm-updates \
                  debian-security/$DEBIAN_SNAPSHOT:bookworm-security; do \
        echo "deb [check-valid-until=no] http://snapshot.debian.org/archive/${part%:*} ${part#*:} main"; \
      done >/etc/apt/sources.list; \
    fi; \
    apt-get update; \
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
      libreoffice-writer-nogui=${LIBREOFFICE_VERSION} \
      python3-uno=${LIBREOFFICE_VERSION} \
      fonts-noto-core=${NOTO_VERSION} \
      graphviz=${GRAPHVIZ_VERSION} \
      libtcmalloc-minimal4 \
      poppler-utils \
      openssl \
      postgresql-client \
      tzdata \
      tini; \
    rm -rf /var/lib/apt/lists/* /var/cache/debconf/* /var/log/apt /var/log/dpkg.log; \
    groupadd --gid 10001 doc-service; \
    useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin doc-service; \
    install -d -o 10001 -g 10001 -m 0750 /data
COPY --from=build /opt/doc-service /opt/doc-service
COPY deploy/image/healthcheck.py deploy/compose/preflight.sh deploy/compose/certificate.sh /opt/doc-service/
ENV PATH=/opt/doc-service/bin:/usr/local/bin:/usr/bin:/bin \
    LANG=C.UTF-8 \
    LC_ALL=C.UTF-8 \
    HOME=/tmp \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DOC_SERVICE_DATA_DIR=/data \
    DOC_SERVICE_HOST=0.0.0.0 \
    DOC_SERVICE_PORT=8000 \
    DOC_SERVICE_LOG_FORMAT=json
ARG VERSION=0.1.0
ARG REVISION=
ARG CREATED=
LABEL org.opencontainers.image.title="doc-service" \
      org.opencontainers.image.description="Official instruments from DOCX templates, PAdES signatures, an archive that can be audited" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.base.name="docker.io/library/python:3.11.14-slim-bookworm"
WORKDIR /data
VOLUME /data
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
  CMD ["python", "/opt/doc-service/healthcheck.py"]
ENTRYPOINT ["/usr/bin/tini", "--", "doc-service"]
CMD ["up"]
