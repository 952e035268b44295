/* A C program that was not linked with the library: loads it by name, as every other language does. */
#include <filemap.h>

#include <stdio.h>
#include <string.h>

#if defined(_WIN32)
#include <windows.h>
static void *find(const char *name) {
    void *address = NULL;
    HMODULE library = LoadLibraryA("filemap.dll");
    FARPROC found = library ? GetProcAddress(library, name) : NULL;
    memcpy(&address, &found, sizeof address);
    return address;
}
#else
#include <dlfcn.h>
static void *find(const char *name) {
    void *library = dlopen("libfilemap.so.1", RTLD_NOW);
    return library ? dlsym(library, name) : NULL;
}
#endif

typedef fm_status(FM_CALL *create_function)(const char *, uint64_t, const fm_create_options *, fm_handle *);
typedef fm_status(FM_CALL *close_function)(fm_handle);

int main(void) {
    create_function create = NULL;
    close_function close_handle = NULL;
    fm_handle mapping = NULL;
    void *address = find("fm_create");
    memcpy(&create, &address, sizeof create); /* ISO C has no cast from an object to a function pointer */
    address = find("fm_close");
    memcpy(&close_handle, &address, sizeof close_handle);
    if (!create || !close_handle) return printf("failed: the library or a function was not found\n"), 1;
    if (find("fm_no_such_function")) return printf("failed: found what does not exist\n"), 1;
    if (create("Local\\filemap-consumer-loader", 4096, NULL, &mapping) != FM_OK) return printf("failed: create\n"), 1;
    if (close_handle(mapping) != FM_OK) return printf("failed: close\n"), 1;
    printf("loaded by name\n");
    return 0;
}
