# `cmake --install`: headers, library, a CMake package and a pkg-config file; the server when it was built.
include(CMakePackageConfigHelpers)

install(TARGETS backend EXPORT libbackend-targets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY libbackend/include/backend DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
if(BACKEND_SERVER)
  install(TARGETS backend-server RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

set(BACKEND_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/libbackend)
install(EXPORT libbackend-targets NAMESPACE libbackend:: DESTINATION ${BACKEND_CMAKE_DIR})
configure_package_config_file(cmake/libbackend-config.cmake.in libbackend-config.cmake
  INSTALL_DESTINATION ${BACKEND_CMAKE_DIR})
write_basic_package_version_file(libbackend-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/libbackend-config.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/libbackend-config-version.cmake DESTINATION ${BACKEND_CMAKE_DIR})

# A static library's own dependencies are its users' business at link time; a shared one has linked them already.
get_target_property(BACKEND_TYPE backend TYPE)
set(BACKEND_PC_MODULES "libqpdf libcrypto++ libcrypt libutf8proc sqlite3 zlib")
if(BACKEND_POSTGRES)
  string(APPEND BACKEND_PC_MODULES " libpqxx")
endif()
set(BACKEND_PC_REQUIRES "")
set(BACKEND_PC_LIBS "")
if(BACKEND_TYPE STREQUAL STATIC_LIBRARY)
  set(BACKEND_PC_REQUIRES ${BACKEND_PC_MODULES})
  set(BACKEND_PC_LIBS "-pthread -lstdc++")
endif()
configure_file(cmake/libbackend.pc.in libbackend.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/libbackend.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
