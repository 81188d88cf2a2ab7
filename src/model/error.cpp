#include <lineside/error.hpp>

namespace lineside {

#define LINESIDE_ERRC(name, value, sentence, status, retryable, python) \
    static_assert(static_cast<int>(errc::name) == (value));
#include "model/errc.def"
#undef LINESIDE_ERRC

namespace {

class category final : public boost::system::error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "lineside"; }
    [[nodiscard]] std::string message(int value) const override {
        switch (value) {
#define LINESIDE_ERRC(name, number, sentence, status, retryable, python) \
    case number:                                                         \
        return sentence;
#include "model/errc.def"
#undef LINESIDE_ERRC
        default: return "unknown lineside error";
        }
    }
};

} // namespace

const boost::system::error_category& lineside_category() noexcept {
    static const category instance;
    return instance;
}

void throw_exception_from_error(const failure& f, const boost::source_location&) { throw error(f.code, f.details); }

} // namespace lineside
