# shellcheck shell=bash
# Finds a JDK of the version that Paymaster needs. Sourced by ./mvnw and ./paymaster; works in bash 3.2 and newer.

PAYMASTER_JDK_MINIMUM=25

# The feature version of the JDK in folder $1, read from its "release" file without starting it; nothing if it is no JDK.
jdk_version() {
    [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

# The home of the java on the PATH, through whatever symbolic links lead to it.
jdk_on_path() {
    local java link
    java=$(command -v java) || return 0
    while [ -L "$java" ]; do
        link=$(readlink "$java")
        case $link in
            /*) java=$link ;;
            *) java=$(dirname "$java")/$link ;;
        esac
    done
    (cd "$(dirname "$java")/.." 2>/dev/null && pwd -P)
}

# Sets and exports JAVA_HOME: what the caller chose if it is new enough, else the lowest version that is.
find_jdk() {
    local candidate version best='' best_version=1000
    for candidate in "${JAVA_HOME:-}" "$(jdk_on_path)"; do
        version=$(jdk_version "$candidate")
        if [ -n "$version" ] && [ "$version" -ge "$PAYMASTER_JDK_MINIMUM" ]; then
            export JAVA_HOME=$candidate
            return 0
        fi
    done
    for candidate in \
        /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
        /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
        "${SDKMAN_DIR:-$HOME/.sdkman}"/candidates/java/* "$HOME"/.jdks/* "$HOME"/.asdf/installs/java/* \
        "$HOME"/.local/share/mise/installs/java/*; do
        version=$(jdk_version "$candidate")
        if [ -n "$version" ] && [ "$version" -ge "$PAYMASTER_JDK_MINIMUM" ] && [ "$version" -lt "$best_version" ]; then
            best=$candidate
            best_version=$version
        fi
    done
    if [ -z "$best" ]; then
        echo "Paymaster needs a JDK $PAYMASTER_JDK_MINIMUM or newer and found none: install one (Debian, Ubuntu: apt install openjdk-25-jdk; macOS: brew install openjdk@25; anywhere: adoptium.net) or set JAVA_HOME." >&2
        return 1
    fi
    export JAVA_HOME=$best
}
