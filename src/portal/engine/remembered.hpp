#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

namespace lineside {

/// What was read from the database lately, by name; good as long as the database has not changed. So many are kept; where
/// there are more, all are forgotten at once. Thread-safe.
template <class Known>
class remembered {
public:
    explicit remembered(std::size_t most) : most_(most) {}

    /// `changes` as the database counts them now.
    [[nodiscard]] std::shared_ptr<const Known> find(const std::string& name, std::uint64_t changes) const {
        const std::lock_guard lock(mutex_);
        const auto at = all_.find(name);
        return at != all_.end() && at->second.changes == changes ? at->second.known : nullptr;
    }
    /// `changes` as they were counted before it was read: what is older than it seems is read once more.
    void keep(const std::string& name, std::uint64_t changes, std::shared_ptr<const Known> known) {
        const std::lock_guard lock(mutex_);
        if (all_.size() >= most_ && !all_.contains(name))
            all_.clear();
        all_.insert_or_assign(name, entry{changes, std::move(known)});
    }

private:
    struct entry {
        std::uint64_t changes = 0;
        std::shared_ptr<const Known> known;
    };

    mutable std::mutex mutex_;
    std::unordered_map<std::string, entry> all_;
    const std::size_t most_;
};

} // namespace lineside
