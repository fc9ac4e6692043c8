# A machine that runs both commands: Debian 12 has Python 3.11.
#
#   docker build -t notime .
#   docker run --rm --network host notime                 scripts/run: the daemon, on 127.0.0.1:8717
#   docker run --rm --shm-size 1g notime scripts/test     everything, browsers included
FROM debian:12-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates chromium firefox-esr fonts-dejavu-core \
    fonts-liberation git python3 python3-venv \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /notime
COPY . .
CMD ["scripts/run"]
