/* The structs as a C99 caller sees them, against what the library itself says of its own build. */

#include "filemap.h"

#include <stddef.h>
#include <stdio.h>

static int failures = 0;

static void expect(const char *what, int64_t actual, int64_t wanted) {
    if (actual == wanted) return;
    printf("%s is %lld, not %lld\n", what, (long long)actual, (long long)wanted);
    failures++;
}

static int64_t library_says(const char *name) {
    int64_t value = -1;
    if (fm_constant(name, &value) != FM_OK) value = -1;
    return value;
}

int main(void) {
    int pointer = (int)sizeof(void *);
    /* i386 aligns 64-bit members to 4 bytes, so only the struct with a pointer differs there. */
    expect("sizeof(fm_create_options)", sizeof(fm_create_options), pointer == 8 ? 32 : 28);
    expect("sizeof(fm_object_options)", sizeof(fm_object_options), 16);
    expect("sizeof(fm_info)", sizeof(fm_info), 72);
    expect("sizeof(fm_list_info)", sizeof(fm_list_info), 40);
    expect("sizeof(fm_sweep_info)", sizeof(fm_sweep_info), 24);
    expect("sizeof(fm_token)", sizeof(fm_token), 96);
    expect("options.file", offsetof(fm_create_options, file), 16);
    expect("options.file_path", offsetof(fm_create_options, file_path), 24);
    expect("info.size", offsetof(fm_info, size), 8);
    expect("info.created", offsetof(fm_info, created), 32);
    expect("info.ready", offsetof(fm_info, ready), 40);
    expect("info.due", offsetof(fm_info, due), 64);
    expect("list_info.created", offsetof(fm_list_info, created), 32);
    expect("library's fm_create_options", library_says("sizeof(fm_create_options)"), sizeof(fm_create_options));
    expect("library's fm_object_options", library_says("sizeof(fm_object_options)"), sizeof(fm_object_options));
    expect("library's fm_info", library_says("sizeof(fm_info)"), sizeof(fm_info));
    expect("library's fm_list_info", library_says("sizeof(fm_list_info)"), sizeof(fm_list_info));
    expect("library's fm_sweep_info", library_says("sizeof(fm_sweep_info)"), sizeof(fm_sweep_info));
    expect("library's fm_token", library_says("sizeof(fm_token)"), sizeof(fm_token));
    expect("library's version", fm_version(), FM_VERSION);
    printf("%d failures\n", failures);
    return failures != 0;
}
