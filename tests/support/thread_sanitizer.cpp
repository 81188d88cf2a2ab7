// Reports of the thread sanitizer that are about itself.

#if defined(__SANITIZE_THREAD__)
#define LINESIDE_TEST_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define LINESIDE_TEST_TSAN 1
#endif
#endif

#ifdef LINESIDE_TEST_TSAN
extern "C" __attribute__((visibility("default"))) const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() {
    return
        // Asio counts the owners of an erased executor with the help of a fence, which the sanitizer does not follow.
        "race:~shared_target_executor\n"
        // The counts of exceptions lie in the standard library, which is not instrumented.
        "race:std::__exception_ptr::exception_ptr::_M_release\n";
}
#endif
