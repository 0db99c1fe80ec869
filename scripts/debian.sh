# shellcheck shell=sh
# Installing from Debian, for the scripts beside this file: `. scripts/debian.sh`.

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else
        echo "This needs root and there is no sudo: $*" >&2
        return 1
    fi
}

debian_install() {
    command -v apt-get >/dev/null || { echo "There is no apt-get here; please install what Debian calls: $*" >&2; return 1; }
    echo "Installing $* (apt-get)"
    as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
}
