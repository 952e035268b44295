# One interface target with the warnings that all of our own code is compiled with.

add_library(filemap_warnings INTERFACE)
target_compile_options(filemap_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Werror)
