# shellcheck shell=bash
# The Debian packages that a build needs, and their installation as far as they are missing.

# say TEXT…: one line for whoever watches.
say() { printf '%s\n' "$*" >&2; }

# missing_packages NAME…: those of the packages that dpkg does not hold as installed, one a line.
missing_packages() {
    local name
    for name in "$@"; do
        [[ "$(dpkg-query --show --showformat='${db:Status-Abbrev}' "$name" 2>/dev/null || true)" == ii* ]] ||
            printf '%s\n' "$name"
    done
}

# ensure_packages NAME…: installs what is missing, as root or through sudo.
ensure_packages() {
    local -a missing
    mapfile -t missing < <(missing_packages "$@")
    [[ ${#missing[@]} -eq 0 ]] && return 0
    local -a as_root=()
    if [[ $EUID -ne 0 ]]; then
        if ! command -v sudo >/dev/null; then
            say "These Debian packages are missing: ${missing[*]}"
            say "Install them as root, then run this again:"
            say "    apt-get update && apt-get install -y --no-install-recommends ${missing[*]}"
            return 1
        fi
        as_root=(sudo)
    fi
    say "Installing ${missing[*]} …"
    "${as_root[@]}" apt-get update --quiet --quiet >&2
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --quiet --quiet --yes \
        --no-install-recommends "${missing[@]}" >&2
}

# What Package.swift links and what compiles it.
# shellcheck disable=SC2034 # used by the scripts that read this file
build_packages=(
    ca-certificates git g++ pkg-config libssl-dev libnghttp2-dev libsqlite3-dev libsimdjson-dev tzdata
)
