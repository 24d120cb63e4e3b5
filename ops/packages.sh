# Debian packages of the project, by what they are for. Sourced by the ops scripts.
# shellcheck shell=bash disable=SC2034

packages_build=(
  g++ cmake ninja-build pkg-config ccache
  libgrpc++-dev libprotobuf-dev protobuf-compiler protobuf-compiler-grpc
  libabsl-dev libre2-dev libc-ares-dev zlib1g-dev
  libssl-dev libsqlite3-dev libpq-dev libicu-dev libjemalloc-dev
  libspdlog-dev libfmt-dev prometheus-cpp-dev libcli11-dev libtomlplusplus-dev nlohmann-json3-dev libexpected-dev
  libzxing-dev libpng-dev libturbojpeg0-dev
)

# The certificates of a development set-up are made with the openssl program.
packages_run=(openssl)

packages_test=(
  libgtest-dev libgmock-dev
  python3 python3-grpcio python3-protobuf
  git
  groff-base systemd
  chromium
  postgresql-15
)

# The programs with a window, and what their tests show them on. The quickstart needs none of it.
packages_desktop=(
  qt6-base-dev qt6-declarative-dev
  qml6-module-qtquick qml6-module-qtquick-window qml6-module-qtqml qml6-module-qtqml-workerscript
  fonts-dejavu-core fonts-droid-fallback
  qt6-qpa-plugins xvfb dbus at-spi2-core python3-pyatspi gir1.2-atspi-2.0 tzdata
)

packages_package=(dpkg-dev git)

packages_lint=(clang-19 clang-tidy-19)

packages_coverage=(gcovr)

packages_fuzz=(clang-19 libclang-rt-19-dev)

packages_bench=(libbenchmark-dev python3 python3-jellyfish postgresql-15)

# say MESSAGE: one line of progress, with the seconds since the script began.
say() { printf '\033[1m[%3ss]\033[0m %s\n' "$SECONDS" "$*"; }

die() {
  printf 'error: %s\n' "$1" >&2
  [ $# -lt 2 ] || printf '       %s\n' "${@:2}" >&2
  exit 1
}

# Refuses every platform this has not been run on.
check_platform() {
  local id version
  id=$(. /etc/os-release && echo "${ID:-}")
  version=$(. /etc/os-release && echo "${VERSION_ID:-}")
  [ "$id" = debian ] && [ "$version" = 12 ] || die \
    "this is ${id:-an unknown system} ${version}, not Debian 12" \
    "The build relies on Debian 12's packages. Use a Debian 12 machine, container or chroot."
}

# The tests start database clusters of their own, in temporary directories. The package of
# PostgreSQL would make one for the system and start it; this makes it refrain from that.
without_system_cluster() {
  local settings=/etc/postgresql-common/createcluster.conf
  # Whoever has set this, or has a cluster, has decided.
  ! grep -qs '^create_main_cluster' "$settings" || return 0
  ! compgen -G '/etc/postgresql/*/*' >/dev/null || return 0
  "$@" apt-get install -y --no-install-recommends postgresql-common &&
    "$@" sed -i 's/^#\?create_main_cluster.*/create_main_cluster = false/' "$settings"
}

# install_packages NAME...: installs what is missing; says nothing when nothing is.
install_packages() {
  local missing=() name
  for name in "$@"; do
    [ "$(dpkg-query -W -f='${db:Status-Abbrev}' "$name" 2>/dev/null)" = 'ii ' ] || missing+=("$name")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || die "${#missing[@]} Debian packages are missing and there is no sudo" \
      "As root, run: apt-get install ${missing[*]}"
    as_root=(sudo)
  fi
  say "installing ${#missing[@]} Debian packages${as_root:+ through sudo} (log: $PAXID_LOG/apt.log)"
  mkdir -p "$PAXID_LOG"
  {
    "${as_root[@]}" apt-get update &&
      { [[ " ${missing[*]} " != *" postgresql-15 "* ]] ||
        without_system_cluster "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive; } &&
      "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"
  } >"$PAXID_LOG/apt.log" 2>&1 || {
    tail -n 20 "$PAXID_LOG/apt.log" >&2
    die "apt-get failed" "The whole log is $PAXID_LOG/apt.log"
  }
}

# build_preset PRESET: configures and builds; a line of progress, the log on failure.
build_preset() {
  local log=$PAXID_LOG/build-$1.log
  mkdir -p "$PAXID_LOG"
  export PAXID_LAUNCHER=ccache CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
  cmake --preset "$1" >"$log" 2>&1 || { tail -n 30 "$log" >&2; die "cmake failed" "The whole log is $log"; }
  say "building preset $1 (log: $log)"
  # Ninja's status lines become one line that counts up, or one line a quarter when the
  # output is no terminal.
  if ! NINJA_STATUS='%f/%t ' cmake --build --preset "$1" 2>&1 | tee "$log" | show_progress; then
    grep -nE 'error|FAILED' "$log" | head -n 30 >&2
    die "the build failed" "The whole log is $log"
  fi
}

show_progress() {
  local line done total shown=0
  while IFS= read -r line; do
    [[ $line =~ ^([0-9]+)/([0-9]+)\  ]] || continue
    done=${BASH_REMATCH[1]} total=${BASH_REMATCH[2]}
    if [ -t 1 ]; then
      printf '\r        %s of %s' "$done" "$total"
    elif ((done * 4 / total > shown)); then
      shown=$((done * 4 / total))
      say "built $done of $total"
    fi
  done
  [ ! -t 1 ] || printf '\r\033[K'
}
