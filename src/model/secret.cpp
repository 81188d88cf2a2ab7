#include <lineside/secret.hpp>

#include <cstddef>

namespace lineside {

secret::secret(std::string&& text) noexcept : text_(std::move(text)) {
    // A moved-from short string still holds its characters.
    volatile char* p = text.data();
    for (std::size_t i = 0; i < text.capacity(); ++i)
        p[i] = 0;
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

// Through a volatile pointer, so that the compiler does not remove stores to memory about to be freed.
void secret::wipe() noexcept {
    text_.resize(text_.capacity());
    volatile char* p = text_.data();
    for (std::size_t i = 0; i < text_.size(); ++i)
        p[i] = 0;
    text_.clear();
}

bool operator==(const secret& a, const secret& b) noexcept {
    const auto x = a.reveal();
    const auto y = b.reveal();
    unsigned difference = x.size() == y.size() ? 0 : 1;
    for (std::size_t i = 0; i < x.size() && i < y.size(); ++i)
        difference |= static_cast<unsigned char>(x[i]) ^ static_cast<unsigned char>(y[i]);
    return difference == 0;
}

} // namespace lineside
