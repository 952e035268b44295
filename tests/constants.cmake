# Writes header_constants.inc: one X(name) for each constant and one S(name) for each struct of include/filemap.h, so
# that the test of fm_constant() cannot miss one that is added later. FM_STATUS_LIST tells the statuses.

set(FILEMAP_CONSTANTS_FOLDER ${CMAKE_CURRENT_BINARY_DIR}/generated)
set(header ${PROJECT_SOURCE_DIR}/include/filemap.h)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${header})

file(STRINGS ${header} macros REGEX "^#define FM_[A-Z0-9_]+ +[0-9(]")
file(STRINGS ${header} structs REGEX "^} fm_[a-z_]+;")
set(lines "")
foreach(line IN LISTS macros structs)
    if(line MATCHES "^#define (FM_[A-Z0-9_]+)")
        string(APPEND lines "X(${CMAKE_MATCH_1})\n")
    elseif(line MATCHES "^} (fm_[a-z_]+);")
        string(APPEND lines "S(${CMAKE_MATCH_1})\n")
    endif()
endforeach()
file(CONFIGURE OUTPUT ${FILEMAP_CONSTANTS_FOLDER}/header_constants.inc CONTENT "${lines}" @ONLY)
