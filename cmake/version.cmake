# Reads the version from include/filemap.h, the one place where it stands.

file(STRINGS "${CMAKE_CURRENT_LIST_DIR}/../include/filemap.h" version_lines REGEX "^#define FM_VERSION_(MAJOR|MINOR|PATCH) ")
string(REGEX REPLACE "[^0-9;]" "" version_numbers "${version_lines}")
list(JOIN version_numbers "." FILEMAP_VERSION)
