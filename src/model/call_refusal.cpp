#include <lineside/call_refusal.hpp>

#include "model/names.hpp"

#include <string>

namespace lineside {

namespace {

constexpr name_of<call_refusal> refusals[] = {
    {call_refusal::key_reused, "key_reused"},
    {call_refusal::key_running, "key_running"},
};

class category final : public boost::system::error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "lineside.calls"; }
    [[nodiscard]] std::string message(int value) const override {
        return std::string(to_string(static_cast<call_refusal>(value)));
    }
};

} // namespace

std::string_view to_string(call_refusal r) noexcept { return find_name(refusals, r); }

const boost::system::error_category& call_category() noexcept {
    static const category calls;
    return calls;
}

} // namespace lineside
