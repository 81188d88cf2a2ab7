#pragma once

#include "lua_requests.hpp"

#include <cerrno>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <sys/eventfd.h>
#include <unistd.h>

// What lua.i stands on: messages to people, what the package is told, and how every call is made.
namespace lineside::bindings::lua {

// ---- reaching people

/// Mails and text messages that wait for the program: an engine hands them over on any of its threads, and none of
/// those may run Lua.
class outbox {
public:
    outbox() : inner_(std::make_shared<waiting>()) {}

    /// Readable as long as a message waits.
    [[nodiscard]] int descriptor() const { return inner_->event; }
    [[nodiscard]] std::vector<event> take(std::size_t most) const {
        const std::lock_guard lock(inner_->mutex);
        std::vector<event> all;
        while (!inner_->messages.empty() && all.size() < most) {
            event e;
            e.value = std::move(inner_->messages.front());
            inner_->messages.pop_front();
            all.push_back(std::move(e));
        }
        std::uint64_t signalled = 0;
        if (inner_->messages.empty())
            (void)!::read(inner_->event, &signalled, sizeof signalled);
        return all;
    }

    [[nodiscard]] std::shared_ptr<delivery> get() const { return inner_; }

private:
    /// A mail or a text message, whichever is asked of it.
    struct letter {
        explicit letter(const lineside_mail& m) : to(m.to), subject(m.subject), body(m.text), account(m.account) {}

        std::string to, subject, body, account;
        lineside_mail mail{to.c_str(), subject.c_str(), body.c_str(), account.c_str()};
        lineside_text_message text{to.c_str(), body.c_str(), account.c_str()};
    };

    struct waiting final : delivery {
        waiting() : event(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
            if (event < 0)
                throw std::system_error(errno, std::system_category(), "an outbox needs a descriptor");
        }
        waiting(const waiting&) = delete;
        waiting& operator=(const waiting&) = delete;
        ~waiting() override { ::close(event); }

        [[nodiscard]] bool mails() const override { return true; }
        [[nodiscard]] bool texts() const override { return true; }
        int mail(const lineside_mail& m) noexcept override {
            return keep(m, [](const std::shared_ptr<const letter>& l) {
                return answer{find_record("mail"), std::shared_ptr<const void>(l, &l->mail)};
            });
        }
        int text(const lineside_text_message& m) noexcept override {
            return keep({m.to, "", m.text, m.account}, [](const std::shared_ptr<const letter>& l) {
                return answer{find_record("text_message"), std::shared_ptr<const void>(l, &l->text)};
            });
        }

        int event;
        std::mutex mutex;
        std::deque<answer> messages;

    private:
        template <class Show>
        int keep(const lineside_mail& m, Show&& show) noexcept {
            constexpr std::size_t most = 10'000;
            try {
                const auto l = std::make_shared<const letter>(m);
                const std::lock_guard lock(mutex);
                if (messages.size() >= most)
                    return ENOBUFS;
                messages.push_back(show(l));
                const std::uint64_t one = 1;
                (void)!::write(event, &one, sizeof one);
                return 0;
            } catch (const std::exception&) {
                return ENOMEM;
            }
        }
    };

    std::shared_ptr<waiting> inner_;
};

// ---- times as texts

[[nodiscard]] inline std::int64_t parse_time(const std::string& text) {
    std::int64_t time = 0;
    detail::check(lineside_time_parse(text.c_str(), &time));
    return time;
}

[[nodiscard]] inline std::string format_time(std::int64_t time, int offset_s) {
    char text[LINESIDE_TIME_SIZE];
    detail::check(lineside_time_format(time, offset_s, text, sizeof text));
    return text;
}

// ---- what the package tells and is told

/// Metatables by the names of records, and that of "money".
inline int bind_package(lua_State* L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_createtable(L, record::count + 1, 0);
    for (std::size_t i = 0; i < records.size(); ++i) {
        lua_getfield(L, 1, records[i].name);
        lua_rawseti(L, -2, static_cast<lua_Integer>(i) + 1);
    }
    lua_getfield(L, 1, "money");
    lua_rawseti(L, -2, money_metatable);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &registered);
    register_columns(L);
    return 0;
}

/// Whether a request has bytes in it, which an asynchronous call reads until it has completed.
[[nodiscard]] constexpr bool has_bytes(const record_type& type) {
    for (const auto* m = type.first; m != type.last; ++m)
        if (m->says == meaning::bytes ||
            (m->says == meaning::record && has_bytes(records[static_cast<std::size_t>(m->of)])))
            return true;
    return false;
}

/// {operations = {name = {request=, answer=, has_bytes=}}, constants = {enumeration = texts}, records = names}
inline int describe(lua_State* L) {
    lua_newtable(L);
    lua_newtable(L);
    for (const auto& o : detail::operations) {
        if (o.call == nullptr)
            continue;
        lua_newtable(L);
        lua_pushstring(L, o.request_type);
        lua_setfield(L, -2, "request");
        lua_pushstring(L, o.answer_type);
        lua_setfield(L, -2, "answer");
        const auto* request = find_record(o.request_type);
        lua_pushboolean(L, request != nullptr && has_bytes(*request) ? 1 : 0);
        lua_setfield(L, -2, "has_bytes");
        lua_setfield(L, -2, o.name);
    }
    lua_setfield(L, -2, "operations");
    lua_newtable(L);
    for (const auto& e : enumerations) {
        lua_newtable(L);
        for (const auto* c = e.first; c != e.last; ++c) {
            lua_pushstring(L, c->text);
            lua_rawseti(L, -2, c - e.first + 1);
        }
        lua_setfield(L, -2, e.name);
    }
    lua_setfield(L, -2, "constants");
    lua_newtable(L);
    for (std::size_t i = 0; i < records.size(); ++i) {
        lua_pushstring(L, records[i].name);
        lua_rawseti(L, -2, static_cast<lua_Integer>(i) + 1);
    }
    lua_setfield(L, -2, "records");
    return 1;
}

/// Opens the module that SWIG made. Its tables are static, written whenever a state loads it, and a switch has a state
/// for each thread. The functions that it puts among the script's globals go again.
inline int open_module(lua_State* L, lua_CFunction open) {
    static std::mutex one_at_a_time;
    lua_settop(L, 0);
    bool opened = false;
    {
        const std::lock_guard lock(one_at_a_time);
        lua_pushcfunction(L, open);
        opened = lua_pcall(L, 0, 1, 0) == LUA_OK;
    }
    if (!opened)
        return lua_error(L);
    for (const char* helper : {"swig_type", "swig_equals"}) {
        lua_pushnil(L);
        lua_setglobal(L, helper);
    }
    return 1;
}

// ---- how every call is made

/// Runs `action`; false: an error is on the stack, and SWIG raises it once what the call needed is destroyed.
template <class Action>
[[nodiscard]] bool perform(lua_State* L, Action&& action) {
    std::optional<abi::error> failed;
    std::string wrong;
    int code = 0;
    try {
        action();
        return true;
    } catch (const abi::error& e) {
        failed = e;
    } catch (const std::bad_alloc&) {
        code = LINESIDE_EXHAUSTED;
        wrong = "out of memory";
    } catch (const std::invalid_argument& e) {
        code = LINESIDE_INVALID_ARGUMENT;
        wrong = e.what();
    } catch (const std::exception& e) {
        code = LINESIDE_UNAVAILABLE;
        wrong = e.what();
    }
    const auto what = failed ? failure_of(*failed) : failure_of(code, wrong.c_str());
    (void)protect(L, 0, [&what](lua_State* inside) {
        push_failure(inside, what);
        return 1;
    });
    return false;
}

} // namespace lineside::bindings::lua
