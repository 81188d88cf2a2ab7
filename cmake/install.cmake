# find_package(lineside), pkg-config lineside, the headers, the program; find_package(lineside-c), pkg-config lineside-c.
include(CMakePackageConfigHelpers)

set(config_dir "${CMAKE_INSTALL_LIBDIR}/cmake/lineside")

install(TARGETS lineside EXPORT lineside FILE_SET HEADERS FILE_SET tables)
install(EXPORT lineside NAMESPACE lineside:: FILE lineside-targets.cmake DESTINATION "${config_dir}")
configure_package_config_file(cmake/lineside-config.cmake.in lineside-config.cmake INSTALL_DESTINATION "${config_dir}")
# Before 1.0 a minor version may change the API; from 1.0 on this is SameMajorVersion.
write_basic_package_version_file(lineside-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/lineside-config.cmake" "${PROJECT_BINARY_DIR}/lineside-config-version.cmake"
  DESTINATION "${config_dir}")

# The .pc file finds its prefix from where it lies, so the tree can be moved or installed with --prefix.
file(RELATIVE_PATH pc_to_prefix "/prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/prefix")
if(BUILD_SHARED_LIBS)
  set(pc_definition "")
  set(pc_requires_private "")
  set(pc_libs_private "")
else()
  set(pc_definition " -DLINESIDE_STATIC_DEFINE")
  set(pc_requires_private "libssl libcrypto sqlite3 zlib libzstd libargon2 libqrencode")
  set(pc_libs_private "-lboost_json -ldate-tz -pthread")  # neither Boost nor date has a .pc file
endif()
configure_file(cmake/lineside.pc.in lineside.pc @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/lineside.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")

# The C library needs nothing of whoever uses it, so it is a package of its own.
if(LINESIDE_CAPI)
  set(c_config_dir "${CMAKE_INSTALL_LIBDIR}/cmake/lineside-c")
  install(TARGETS lineside_c EXPORT lineside-c FILE_SET HEADERS)
  install(EXPORT lineside-c NAMESPACE lineside:: FILE lineside-c-config.cmake DESTINATION "${c_config_dir}")
  write_basic_package_version_file(lineside-c-config-version.cmake COMPATIBILITY SameMajorVersion)
  install(FILES "${PROJECT_BINARY_DIR}/lineside-c-config-version.cmake" DESTINATION "${c_config_dir}")
  configure_file(cmake/lineside-c.pc.in lineside-c.pc @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/lineside-c.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
endif()

install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}")
if(LINESIDE_CLI)
  if(BUILD_SHARED_LIBS)
    file(RELATIVE_PATH program_to_library "/prefix/${CMAKE_INSTALL_BINDIR}" "/prefix/${CMAKE_INSTALL_LIBDIR}")
    set_target_properties(lineside_cli PROPERTIES INSTALL_RPATH "$ORIGIN/${program_to_library}")
  endif()
  install(TARGETS lineside_cli)
endif()
