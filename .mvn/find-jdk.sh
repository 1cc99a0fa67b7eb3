# Sourced by ./mvnw and the Makefile: sets JAVA_HOME to a JDK of at least the release the build needs, or says what to install.
# Looked at in this order: JAVA_HOME, the javac on the PATH, and the places where Linux distributions and SDKMAN put JDKs.

jdk_release() { # the feature release of the JDK in folder $1, 0 where there is none
  [ -x "$1/bin/javac" ] || { echo 0; return; }
  found=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null)
  [ -n "$found" ] || found=$("$1/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p')
  echo "${found:-0}"
}

find_jdk() { # $1: the lowest release that will do
  for jdk in "${JAVA_HOME:-}" "$(dirname "$(dirname "$(readlink -f "$(command -v javac || echo /none/bin/javac)")")")" \
    /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/*; do
    if [ -n "$jdk" ] && [ "$(jdk_release "$jdk")" -ge "$1" ]; then
      JAVA_HOME=$jdk
      export JAVA_HOME
      return 0
    fi
  done
  echo "No JDK $1 or newer was found in JAVA_HOME (${JAVA_HOME:-not set}), on the PATH or where Linux distributions put JDKs (/usr/lib/jvm, /usr/java, /opt/java)." >&2
  echo "Install one (Debian, Ubuntu: apt-get install openjdk-$1-jdk-headless or temurin-$1-jdk; Fedora: dnf install java-$1-openjdk-devel; SDKMAN: sdk install java $1-tem)" >&2
  echo "or set JAVA_HOME to its folder." >&2
  return 1
}
