# Applies FILEMAP_SANITIZER to everything that is built. tests/sanitizer proves that it catches a planted fault.

if(FILEMAP_SANITIZER)
    add_compile_options(-fsanitize=${FILEMAP_SANITIZER} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${FILEMAP_SANITIZER})
endif()
