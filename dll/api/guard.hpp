// The one way into the library: every extern "C" function runs its body here, so that nothing is thrown at a caller.
#pragma once

#include "core/calls.hpp"
#include "core/failure.hpp"

#include <new>

namespace fm::api {

template <class Body>
[[gnu::always_inline]] inline fm_status guarded(const char *function, Body body) noexcept {
    call scope(function);
    if (!scope.valid()) return FM_E_NO_MEMORY;
    try {
        return body(scope);
    } catch (const failure &why) { // from deep within, where a result would be in everybody's way
        return why.status;
    } catch (const std::bad_alloc &) {
        return fail(FM_E_NO_MEMORY, 0, "the process is out of memory");
    } catch (...) {
        return fail(FM_E_SYSTEM, 0, "an unexpected exception was caught; please report it");
    }
}

} // namespace fm::api
