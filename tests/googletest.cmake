# GoogleTest, built from Debian's source with the flags of this build: one way for Linux, -m32, sanitizers and MinGW.

set(FILEMAP_GOOGLETEST /usr/src/googletest CACHE PATH "Folder of the GoogleTest source")
if(NOT EXISTS ${FILEMAP_GOOGLETEST}/CMakeLists.txt)
    message(FATAL_ERROR "The tests need the source of GoogleTest in ${FILEMAP_GOOGLETEST}: install the Debian package "
        "googletest, or set FILEMAP_GOOGLETEST, or configure with -DFILEMAP_BUILD_TESTS=OFF.")
endif()

set(BUILD_GMOCK OFF CACHE BOOL "" FORCE)
set(INSTALL_GTEST OFF CACHE BOOL "" FORCE)
add_subdirectory(${FILEMAP_GOOGLETEST} ${PROJECT_BINARY_DIR}/googletest EXCLUDE_FROM_ALL)
