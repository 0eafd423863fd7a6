# shellcheck shell=bash
# Building the programs of a deployment, quickly when nothing changed.

# The programs, in the order in which they are built.
programs=(auth-service posting-service batch-service ach-service gateway bursar)

# require_swift: a toolchain must be there; everything else can be installed.
require_swift() {
    if ! command -v swift >/dev/null; then
        say "swift is not in PATH: install the Swift 6.2 toolchain or a later one (swift.org/install)."
        return 1
    fi
}

# is_built CONFIGURATION: whether every program is younger than every source.
is_built() {
    local folder=".build/$1" name
    for name in "${programs[@]}"; do
        [[ -x "$folder/$name" ]] || return 1
    done
    [[ -e "$folder/.deployed" ]] || return 1
    [[ -z "$(find Package.swift Shared Services -newer "$folder/.deployed" -print -quit)" ]]
}

# build_programs CONFIGURATION: builds what is not built.
build_programs() {
    local configuration="$1" name started
    is_built "$configuration" && return 0
    require_swift
    started="$(mktemp)"
    say "Building ($configuration) …"
    for name in "${programs[@]}"; do
        swift build --configuration "$configuration" --product "$name" >&2
    done
    mv "$started" ".build/$configuration/.deployed"
}
