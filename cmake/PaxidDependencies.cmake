# Every foreign library of the project, found in one place. All of them are
# Debian packages; ops/packages.sh lists their names.

find_package(Threads REQUIRED)
find_package(Protobuf REQUIRED)      # module mode: Debian ships no CONFIG package
find_package(gRPC CONFIG REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(ICU 72 REQUIRED COMPONENTS uc i18n)
find_package(tl-expected CONFIG REQUIRED)
find_package(nlohmann_json CONFIG REQUIRED)
find_package(tomlplusplus CONFIG REQUIRED)
find_package(spdlog CONFIG REQUIRED)
find_package(CLI11 CONFIG REQUIRED)
find_package(prometheus-cpp CONFIG REQUIRED)
find_package(ZXing CONFIG REQUIRED)  # barcodes in pictures
find_package(PNG REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(TURBOJPEG REQUIRED IMPORTED_TARGET libturbojpeg)
pkg_check_modules(POSTGRESQL REQUIRED IMPORTED_TARGET libpq)

if(PAXID_BUILD_DESKTOP)
  find_package(Qt6 6.4 REQUIRED COMPONENTS Widgets Quick)
endif()

if(PAXID_BUILD_TESTS)
  find_package(GTest CONFIG REQUIRED)
  include(GoogleTest)
endif()

if(PAXID_BUILD_BENCHES)
  find_package(benchmark CONFIG REQUIRED)
endif()
