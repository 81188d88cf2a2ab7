#pragma once

// For files that hold coroutines.
#if defined(__GNUC__) && !defined(__clang__)
// GCC 12 takes Asio's own operator delete of coroutines' frames for a mismatched one (its bug 109224).
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif
