// Who a process is, asked without the kernel.

#include "model/process.hpp"
#include "support/child_process.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

namespace lineside {
namespace {

TEST(process, is_what_the_kernel_says_it_is) {
    EXPECT_EQ(this_process(), ::getpid());
    EXPECT_EQ(this_process(), ::getpid());
}

TEST(process, is_another_one_in_a_forked_child_and_in_its_child) {
    const pid_t parent = this_process();
    const pid_t child = ::fork();
    if (child == 0) {
        if (this_process() == parent || this_process() != ::getpid())
            ::_exit(1);
        const pid_t grandchild = ::fork();
        if (grandchild == 0)
            ::_exit(this_process() == ::getpid() ? 0 : 2);
        ::_exit(test::wait_for(grandchild));
    }
    EXPECT_EQ(test::wait_for(child), 0);
    EXPECT_EQ(this_process(), parent);
}

} // namespace
} // namespace lineside
