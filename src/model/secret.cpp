#include <lineside/secret.hpp>

#include <cstddef>

namespace lineside {

namespace {

// Through a volatile pointer, so that the compiler does not remove stores to memory about to be freed.
void wipe_text(std::string& text) noexcept {
    text.resize(text.capacity());
    volatile char* p = text.data();
    for (std::size_t i = 0; i < text.size(); ++i)
        p[i] = 0;
    text.clear();
}

} // namespace

secret::secret(std::string&& text) noexcept {
    text_.swap(text);
    // A short string leaves its characters behind.
    wipe_text(text);
}

secret::secret(secret&& other) noexcept : secret(std::move(other.text_)) { other.text_.clear(); }

secret& secret::operator=(secret&& other) noexcept {
    if (this != &other) {
        wipe();
        text_ = std::move(other.text_);
        other.wipe();
    }
    return *this;
}

secret::~secret() { wipe(); }

void secret::wipe() noexcept { wipe_text(text_); }

bool operator==(const secret& a, const secret& b) noexcept {
    const auto x = a.reveal();
    const auto y = b.reveal();
    unsigned difference = x.size() == y.size() ? 0 : 1;
    for (std::size_t i = 0; i < x.size() && i < y.size(); ++i)
        difference |= static_cast<unsigned char>(x[i]) ^ static_cast<unsigned char>(y[i]);
    return difference == 0;
}

} // namespace lineside
