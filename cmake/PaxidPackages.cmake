# What is installed where, and the Debian packages that are made of it: paxid-server, paxid (the
# tools), paxid-dev (the C++ client library) and, where they are built, paxid-desktop (gate and kiosk). Manual pages, completion and the configuration file come from the programs
# themselves, so that nothing is described twice. ops/package makes the packages.

# paxid_manual(paxid-server 8 server): manual page and completion of a program.
function(paxid_manual program section component)
  set(page ${CMAKE_BINARY_DIR}/manual/${program}.${section}.gz)
  set(completion ${CMAKE_BINARY_DIR}/manual/${program}.bash)
  add_custom_command(
    OUTPUT ${page} ${completion}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/manual
    COMMAND sh -c "\"$1\" --print-man-page | gzip -9n >\"$2\"" manual
            $<TARGET_FILE:${program}> ${page}
    COMMAND sh -c "\"$1\" --print-completion >\"$2\"" completion
            $<TARGET_FILE:${program}> ${completion}
    DEPENDS ${program}
    VERBATIM)
  add_custom_target(manual_${program} ALL DEPENDS ${page} ${completion})
  install(FILES ${page} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section} COMPONENT ${component})
  install(FILES ${completion} DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
          RENAME ${program} COMPONENT ${component})
endfunction()

set(packaging ${CMAKE_SOURCE_DIR}/ops/packaging)

install(TARGETS paxid-server RUNTIME COMPONENT server)
install(TARGETS paxid paxid-audit-verify RUNTIME COMPONENT tools)
paxid_manual(paxid-server 8 server)
paxid_manual(paxid 1 tools)
paxid_manual(paxid-audit-verify 1 tools)

if(PAXID_BUILD_DESKTOP)
  install(TARGETS paxid-gate paxid-kiosk RUNTIME COMPONENT desktop)
  paxid_manual(paxid-gate 1 desktop)
  paxid_manual(paxid-kiosk 1 desktop)
  install(FILES ${CMAKE_SOURCE_DIR}/docs/gate.md ${CMAKE_SOURCE_DIR}/docs/kiosk.md
          DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/paxid-desktop COMPONENT desktop)
endif()
install(DIRECTORY ${CMAKE_SOURCE_DIR}/examples/cpp
        DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/paxid-dev/examples COMPONENT sdk)

set(configuration ${CMAKE_BINARY_DIR}/manual/paxid-server.toml)
add_custom_command(
  OUTPUT ${configuration}
  COMMAND ${CMAKE_COMMAND} -E env CONFIGURATION_DIRECTORY=/etc/paxid STATE_DIRECTORY=/var/lib/paxid
          sh -c "\"$1\" --print-config | sed 's/^kek = .*/kek = \"credential:kek\"/' >\"$2\"" configuration
          $<TARGET_FILE:paxid-server> ${configuration}
  DEPENDS paxid-server manual_paxid-server
  VERBATIM)
add_custom_target(default_configuration ALL DEPENDS ${configuration})
install(FILES ${configuration} DESTINATION /etc/paxid
        PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ COMPONENT server)
install(FILES ${packaging}/paxid-server.service DESTINATION /lib/systemd/system COMPONENT server)
install(FILES ${packaging}/sysusers.conf DESTINATION lib/sysusers.d RENAME paxid.conf
        COMPONENT server)
install(FILES ${CMAKE_SOURCE_DIR}/ops/runbook.md DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/paxid-server
        COMPONENT server)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/ops/monitoring
        DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/paxid-server/examples COMPONENT server)
install(FILES ${CMAKE_SOURCE_DIR}/ops/policies/default.toml
        DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/paxid-server/examples COMPONENT server)
set(components server tools sdk)
set(package_of_server paxid-server)
set(package_of_tools paxid)
set(package_of_sdk paxid-dev)
if(PAXID_BUILD_DESKTOP)
  list(APPEND components desktop)
  set(package_of_desktop paxid-desktop)
endif()
foreach(component IN LISTS components)
  install(FILES ${CMAKE_SOURCE_DIR}/LICENSE
          DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${package_of_${component}} RENAME copyright
          COMPONENT ${component})
  string(TOUPPER ${component} name)
  set(CPACK_DEBIAN_${name}_PACKAGE_NAME ${package_of_${component}})
endforeach()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME paxid)
set(CPACK_PACKAGE_VENDOR paxid)
set(CPACK_PACKAGE_CONTACT "paxid maintainers <maintainers@paxid.example>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL ${components})
set(CPACK_DEB_COMPONENT_INSTALL ON)
# The modes of Debian's policy, not those that the sources happen to have here.
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_SERVER_DESCRIPTION
    "Compares the name on booking and boarding pass with the identity document, answers over gRPC
 and keeps a provable record of every answer.")
set(CPACK_DEBIAN_SERVER_PACKAGE_DEPENDS systemd)
set(CPACK_DEBIAN_SERVER_PACKAGE_CONTROL_EXTRA
    "${packaging}/postinst;${packaging}/prerm;${packaging}/postrm;${packaging}/conffiles")
set(CPACK_DEBIAN_TOOLS_DESCRIPTION
    "The tools: read travel document zones, boarding passes and booked names, compare names, ask the
 service and check its records.")
set(CPACK_DEBIAN_DESKTOP_DESCRIPTION
    "The gate agent's window and the kiosk: scan pass and document, see the service's answer, decide.")
# What no library of the programs names: the page's modules, and letters of every language.
string(CONCAT CPACK_DEBIAN_DESKTOP_PACKAGE_DEPENDS
    "qml6-module-qtquick, qml6-module-qtquick-window, qml6-module-qtqml, "
    "qml6-module-qtqml-workerscript, qt6-qpa-plugins, fonts-dejavu-core, fonts-droid-fallback")
set(CPACK_DEBIAN_DESKTOP_PACKAGE_RECOMMENDS "alsa-utils, espeak-ng")
set(CPACK_DEBIAN_SDK_DESCRIPTION
    "The C++ client library of paxid: static libraries, headers and a CMake package.")
set(CPACK_DEBIAN_SDK_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_SDK_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_SDK_PACKAGE_DEPENDS
    "libgrpc++-dev, libprotobuf-dev, libssl-dev, libicu-dev, libtomlplusplus-dev, libexpected-dev")
include(CPack)
