/* A C program that uses the installed library: creates a mapping, opens it by name, and reads what was written. */
#include <filemap.h>

#include <stdio.h>
#include <string.h>

static int report(void) {
    char why[512];
    fm_last_error_message(why, sizeof why);
    printf("failed: %s\n", why);
    return 1;
}

int main(void) {
    fm_handle writer;
    fm_handle reader;
    fm_view view;
    char text[6] = "";
    if (fm_version() != FM_VERSION) return printf("failed: version %s\n", fm_version_string()), 1;
    if (fm_create("Local\\filemap-consumer-c", 65536, NULL, &writer) < 0) return report();
    if (fm_map(writer, FM_ACCESS_WRITE, 0, 1024, &view) < 0) return report();
    if (fm_write(view, 0, "hello", sizeof text) < 0 || fm_unmap(view) < 0) return report();
    if (fm_open("Local\\filemap-consumer-c", FM_ACCESS_READ, &reader) < 0) return report();
    if (fm_map(reader, FM_ACCESS_READ, 0, 0, &view) < 0) return report();
    if (fm_read(view, 0, text, sizeof text) < 0 || fm_unmap(view) < 0) return report();
    if (fm_close(reader) < 0 || fm_close(writer) < 0) return report();
    if (strcmp(text, "hello") != 0) return printf("failed: read \"%s\"\n", text), 1;
    printf("C: %s\n", text);
    return 0;
}
