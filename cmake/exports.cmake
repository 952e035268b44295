# Makes the ELF version script from filemap.def, so that there is one list of exports.

function(filemap_write_version_script def script)
    file(STRINGS "${def}" names REGEX "^ +fm_[a-z0-9_]+$")
    list(TRANSFORM names STRIP)
    list(JOIN names ";\n        " lines)
    set(text "FILEMAP_1 {\n    global:\n        ${lines};\n    local:\n        *;\n};\n")
    file(CONFIGURE OUTPUT "${script}" CONTENT "${text}")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${def}")
endfunction()
