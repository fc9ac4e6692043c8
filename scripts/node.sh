# Sourced by the scripts that need Node.js, after common.sh and the environment .venv-dev: Node.js comes from the Python
# package index, since a fresh system has none or an old one. The extension's tools are installed from their lock file.
export PATH="$PWD/.venv-dev/bin:$PATH"

stamp=$({ node --version; cat extension/package-lock.json; } | sha256sum | cut -d' ' -f1)
if [ "$(cat extension/node_modules/.stamp 2>/dev/null)" != "$stamp" ]; then
  say "Installing the extension's tools …"
  npm ci --prefix extension --no-audit --no-fund --ignore-scripts --loglevel=error >&2
  echo "$stamp" >extension/node_modules/.stamp
fi
# The one file of another project that ships, so that the source can be loaded, checked and tested as it is.
.venv-dev/bin/python -m scripts.extension.build --vendor-only
