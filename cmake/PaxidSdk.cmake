# The C++ client library as a CMake package: find_package(paxid), paxid::sdk. Static libraries,
# their headers below include/paxid, and no generated code. Component `sdk`.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/paxid)
set_target_properties(paxid_proto PROPERTIES EXPORT_NAME proto)
set_target_properties(paxid_options PROPERTIES EXPORT_NAME options)
install(
  TARGETS paxid_options paxid_base paxid_transliteration paxid_mrz paxid_bcbp paxid_matcher
          paxid_verification paxid_audit_core paxid_proto paxid_sdk
  EXPORT paxid-targets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}/paxid COMPONENT sdk)
install(EXPORT paxid-targets NAMESPACE paxid:: DESTINATION ${package_dir} COMPONENT sdk)
foreach(room IN ITEMS base transliteration mrz bcbp matcher verification audit clients/sdk)
  install(DIRECTORY ${CMAKE_SOURCE_DIR}/${room}/
          DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/paxid/${room} COMPONENT sdk
          FILES_MATCHING PATTERN "*.h"
          # These know gRPC or generated code, and are not for users.
          PATTERN connection.h EXCLUDE PATTERN wire.h EXCLUDE PATTERN privacy_wire.h EXCLUDE
          PATTERN data EXCLUDE PATTERN train EXCLUDE)
endforeach()
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/paxid-config.cmake.in
  ${CMAKE_BINARY_DIR}/paxid-config.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/paxid-config-version.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/paxid-config.cmake ${CMAKE_BINARY_DIR}/paxid-config-version.cmake
        DESTINATION ${package_dir} COMPONENT sdk)
