#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace lineside::cdr {

/// Merges the rows of one attempt that stand near each other in an input, in bounded memory. Attempts leave in the
/// order of their first rows: the oldest when the window is full, the others at `finish`. A row that comes after its
/// attempt has left begins another one with the same key, which then restates the first: the price of bounded memory.
///
/// `Merged` is default-constructible and movable.
template <class Merged>
class fold_window {
public:
    explicit fold_window(std::size_t capacity = 65'536, std::size_t max_bytes = std::size_t{64} << 20)
        : capacity_(capacity),
          max_bytes_(max_bytes) {}

    /// Calls `merge(Merged&)`, on a new one when the key is; it returns how many bytes it made the attempt grow by
    /// outside the object. Then `emit(const std::string& key, Merged&)` for what has to leave.
    template <class Merge, class Emit>
    void add(std::string_view key, Merge&& merge, Emit&& emit) {
        auto found = by_key_.find(key);
        if (found == by_key_.end()) {
            auto& created = pending_.emplace_back();
            created.key.assign(key);
            created.bytes = key.size() + sizeof(entry);
            bytes_ += created.bytes;
            found = by_key_.emplace(created.key, &created).first;
        }
        auto& changed = *found->second;
        const std::size_t grown = merge(changed.merged);
        changed.bytes += grown;
        bytes_ += grown;
        while (pending_.size() > capacity_ || (bytes_ > max_bytes_ && pending_.size() > 1))
            emit_oldest(emit);
    }

    template <class Emit>
    void finish(Emit&& emit) {
        while (!pending_.empty())
            emit_oldest(emit);
    }

    [[nodiscard]] std::size_t size() const noexcept { return pending_.size(); }
    /// The attempt under a key that is still pending, or null.
    [[nodiscard]] const Merged* find(std::string_view key) const {
        const auto found = by_key_.find(key);
        return found == by_key_.end() ? nullptr : &found->second->merged;
    }

private:
    struct entry {
        std::string key;
        Merged merged;
        std::size_t bytes = 0;
    };

    template <class Emit>
    void emit_oldest(Emit& emit) {
        auto& oldest = pending_.front();
        by_key_.erase(oldest.key);
        bytes_ -= oldest.bytes;
        emit(std::as_const(oldest.key), oldest.merged);
        pending_.pop_front();
    }

    std::size_t capacity_;
    std::size_t max_bytes_;
    std::size_t bytes_ = 0;
    std::deque<entry> pending_; ///< oldest first; its entries do not move
    std::unordered_map<std::string_view, entry*> by_key_;
};

} // namespace lineside::cdr
