# What `cmake --install` puts where: library, headers, list of exports, and what find_package() and pkg-config read.
# Everything below the prefix may be moved afterwards.

option(FILEMAP_INSTALL "Make install rules" ${PROJECT_IS_TOP_LEVEL})
if(NOT FILEMAP_INSTALL)
    return()
endif()

include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/filemap)
set(pkgconfig_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(TARGETS filemap EXPORT filemap-targets
    RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(FILES include/filemap.h include/filemap.hpp DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES filemap.def DESTINATION ${CMAKE_INSTALL_DATADIR}/filemap)

install(EXPORT filemap-targets NAMESPACE filemap:: DESTINATION ${package_dir})
configure_package_config_file(cmake/filemap-config.cmake.in ${PROJECT_BINARY_DIR}/filemap-config.cmake
    INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/filemap-config-version.cmake COMPATIBILITY SameMajorVersion)
install(FILES ${PROJECT_BINARY_DIR}/filemap-config.cmake ${PROJECT_BINARY_DIR}/filemap-config-version.cmake
    DESTINATION ${package_dir})

# pkg-config finds the prefix from the place of the .pc file, as find_package() does from its own.
file(RELATIVE_PATH pc_to_prefix ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
file(RELATIVE_PATH pc_libdir ${CMAKE_INSTALL_PREFIX} ${CMAKE_INSTALL_FULL_LIBDIR})
file(RELATIVE_PATH pc_includedir ${CMAKE_INSTALL_PREFIX} ${CMAKE_INSTALL_FULL_INCLUDEDIR})
set(pc_library filemap)
if(MINGW) # by its full name: with -static, which most MinGW programs use, -lfilemap would not find an import library
    set(pc_library :${CMAKE_IMPORT_LIBRARY_PREFIX}filemap${CMAKE_IMPORT_LIBRARY_SUFFIX})
endif()
configure_file(cmake/filemap.pc.in ${PROJECT_BINARY_DIR}/filemap.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/filemap.pc DESTINATION ${pkgconfig_dir})
