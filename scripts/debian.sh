# shellcheck shell=sh
# Installing from Debian, for the scripts beside this file: `. scripts/debian.sh`.

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else
        echo "This needs root and there is no sudo: $*" >&2
        return 1
    fi
}

debian_update() {
    command -v apt-get >/dev/null || { echo "There is no apt-get here; please install what Debian calls: $*" >&2; return 1; }
    [ -n "${debian_is_updated-}" ] || as_root apt-get update -qq
    debian_is_updated=yes
}

debian_install() {
    debian_update "$@"
    echo "Installing $* (apt-get)"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
}

# One program of a package that is not to be installed, because it would start a service or replace the system's own.
debian_take() { # PACKAGE PATH-IN-IT DESTINATION
    local folder
    debian_update "$1"
    echo "Taking $2 from $1 (apt-get download)"
    folder=$(mktemp -d)
    (cd "$folder" && apt-get download -qq -o APT::Sandbox::User= "$1" && dpkg-deb --extract ./*.deb .)
    install -m 755 "$folder$2" "$3"
    rm -r "$folder"
}
