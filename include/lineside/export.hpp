#pragma once

// What a shared build of the C++ library exports. A static build defines LINESIDE_STATIC_DEFINE for its consumers.
#if defined(LINESIDE_STATIC_DEFINE)
#define LINESIDE_API
#else
#define LINESIDE_API __attribute__((visibility("default")))
#endif
