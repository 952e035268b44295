// The public header as C++11, alone.

#include "filemap.h"

static_assert(sizeof(fm_status) == 4, "a status has 32 bits");
static_assert(sizeof(fm_handle) == sizeof(void *) && sizeof(fm_view) == sizeof(void *), "handles are pointer-sized");
