#pragma once

#include "face.hpp"

#include <lua.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <new>
#include <vector>

// Values of C as values of Lua, by the tables of records.hpp. Lua leaves a C function with a jump, past every
// destructor: so what may raise runs in `protect`, and there nothing stands on the C++ stack that has to be destroyed.
namespace lineside::bindings::lua {

/// An error is on top of the stack.
struct raised {};

template <class Work>
int run_protected(lua_State* L) {
    const auto* work = static_cast<const Work*>(lua_touserdata(L, 1));
    lua_remove(L, 1);
    int results = -1;
    bool full = false;
    try {
        results = (*work)(L);
    } catch (const raised&) {
    } catch (const std::bad_alloc&) {
        full = true;
    }
    if (full)
        luaL_error(L, "not enough memory");
    return results < 0 ? lua_error(L) : results;
}

/// Runs `work(L)` with the value at `argument` (0: none) on a stack of its own; leaves its one result on the stack, or
/// false and the error. `work` may raise, or throw `raised`.
template <class Work>
[[nodiscard]] bool protect(lua_State* L, int argument, const Work& work) {
    if (argument != 0)
        argument = lua_absindex(L, argument);
    lua_pushcfunction(L, run_protected<Work>);
    lua_pushlightuserdata(L, const_cast<Work*>(&work));
    if (argument != 0)
        lua_pushvalue(L, argument);
    return lua_pcall(L, argument != 0 ? 2 : 1, 1, 0) == LUA_OK;
}

// ---- what the package registers

/// Where the registry keeps the metatables: of record n at n + 1.
inline const char registered = 0;
constexpr lua_Integer money_metatable = record::count + 1;
constexpr const char* column_name = "lineside.column";

/// Gives the table on top of the stack a metatable of the package.
inline void set_kind(lua_State* L, lua_Integer kind) {
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &registered) == LUA_TTABLE) {
        lua_rawgeti(L, -1, kind);
        lua_replace(L, -2);
    }
    if (lua_istable(L, -1) != 0)
        lua_setmetatable(L, -2);
    else
        lua_pop(L, 1);
}

// ---- columns

/// Looks at the library's own memory, and keeps it alive.
struct column {
    std::shared_ptr<const void> owner;
    const char* data;
    std::size_t size;
    const member* of;
};

inline column& column_at(lua_State* L, int index) {
    return *static_cast<column*>(luaL_checkudata(L, index, column_name));
}

void push_number(lua_State* L, const member& m, const void* where);

inline int column_index(lua_State* L) {
    const auto& c = column_at(L, 1);
    const auto index = lua_isinteger(L, 2) != 0 ? lua_tointeger(L, 2) : 0;
    if (index < 1 || static_cast<std::uint64_t>(index) > c.size)
        lua_pushnil(L);
    else
        push_number(L, *c.of, c.data + static_cast<std::size_t>(index - 1) * item_size(*c.of));
    return 1;
}

inline int column_size(lua_State* L) {
    lua_pushinteger(L, static_cast<lua_Integer>(column_at(L, 1).size));
    return 1;
}

/// A second time does nothing: a script may call it, too.
inline int column_free(lua_State* L) {
    auto& c = column_at(L, 1);
    c.size = 0;
    c.owner.reset();
    return 0;
}

inline void register_columns(lua_State* L) {
    static constexpr luaL_Reg methods[] = {
        {"__index", column_index}, {"__len", column_size}, {"__gc", column_free}, {nullptr, nullptr}};
    luaL_newmetatable(L, column_name);
    luaL_setfuncs(L, methods, 0);
    lua_pop(L, 1);
}

// ---- to Lua

/// Pushes values of one owner. Nothing here may be kept: see `protect`.
class writer {
public:
    writer(lua_State* L, const std::shared_ptr<const void>& owner) : L_(L), owner_(owner) {}

    /// A table of its members by their names; what is unset is not there.
    void push_record(std::size_t index, const void* value) {
        luaL_checkstack(L_, 8, "a value");
        const auto& type = records[index];
        lua_createtable(L_, 0, static_cast<int>(type.last - type.first));
        for (const auto* m = type.first; m != type.last; ++m) {
            lua_pushstring(L_, m->name);
            push_member(*m, value);
            lua_rawset(L_, -3);
        }
        set_kind(L_, static_cast<lua_Integer>(index) + 1);
    }

private:
    void push_member(const member& m, const void* structure) {
        const auto* where = static_cast<const char*>(structure) + m.offset;
        if (m.held == holding::in_place && m.says == meaning::bytes) {
            const auto size = at<std::size_t>(structure, m.count_offset);
            lua_pushlstring(L_, size == 0 ? "" : at<const char*>(where, 0), size);
            return;
        }
        if (m.held == holding::in_place)
            return push_one(m, where);
        const auto* pointed = at<const void*>(where, 0);
        if (pointed == nullptr && (m.held == holding::pointed || m.unset))
            return lua_pushnil(L_);
        if (m.held == holding::pointed)
            return push_one(m, pointed);
        const auto count = at<std::size_t>(structure, m.count_offset);
        if (m.held == holding::column && m.says == meaning::number)
            push_column(m, pointed, count);
        else
            push_list(m, pointed, count);
    }

    /// One thing of a member: of texts where its pointer is, of all else where it is itself.
    void push_one(const member& m, const void* where) {
        switch (m.says) {
        case meaning::text: lua_pushstring(L_, at<const char*>(where, 0)); break; // null is nil
        case meaning::truth: lua_pushboolean(L_, at<std::int32_t>(where, 0) != 0 ? 1 : 0); break;
        case meaning::number: push_number(L_, m, where); break;
        case meaning::time:
        case meaning::length: lua_pushinteger(L_, at<std::int64_t>(where, 0)); break;
        case meaning::constant: push_constant(m, at<std::int32_t>(where, 0)); break;
        case meaning::money: push_money(at<lineside_money>(where, 0)); break;
        case meaning::range: push_range(at<lineside_time_range>(where, 0)); break;
        case meaning::record: push_record(static_cast<std::size_t>(m.of), where); break;
        case meaning::bytes: lua_pushnil(L_); break; // has a size beside it: push_member
        }
    }

    void push_list(const member& m, const void* items, std::size_t count) {
        lua_createtable(L_, static_cast<int>(count), 0);
        const auto* from = static_cast<const char*>(items);
        for (std::size_t i = 0; i < count; ++i) {
            const void* where = from + i * item_size(m);
            push_one(m, m.says == meaning::record ? at<const void*>(where, 0) : where);
            lua_rawseti(L_, -2, static_cast<lua_Integer>(i) + 1);
        }
    }

    void push_column(const member& m, const void* data, std::size_t size) {
        luaL_getmetatable(L_, column_name);
        new (lua_newuserdatauv(L_, sizeof(column), 0)) column{owner_, static_cast<const char*>(data), size, &m};
        lua_insert(L_, -2);
        lua_setmetatable(L_, -2);
        // The collector does not see what a column keeps alive: that much memory brings its next step nearer.
        const auto kib = std::min<std::size_t>(size * item_size(m) >> 10U, 1U << 20U);
        if (kib > 0 && lua_gc(L_, LUA_GCISRUNNING) != 0)
            lua_gc(L_, LUA_GCSTEP, static_cast<int>(kib));
    }

    void push_constant(const member& m, std::int32_t constant) {
        const auto& e = enumerations[static_cast<std::size_t>(m.of)];
        if (constant > 0 && constant <= e.last - e.first)
            lua_pushstring(L_, e.first[constant - 1].text);
        else // one of a newer library
            lua_pushstring(L_, constant == 0 || e.text == nullptr ? nullptr : e.text(constant));
    }

    void push_money(const lineside_money& amount) {
        char text[LINESIDE_MONEY_SIZE];
        if (auto* failure = lineside_money_format(&amount, text, sizeof text)) {
            lineside_error_free(failure);
            luaL_error(L_, "an amount of money is not one");
        }
        lua_createtable(L_, 0, 2);
        lua_pushstring(L_, text);
        lua_setfield(L_, -2, "amount");
        lua_pushstring(L_, amount.currency == nullptr ? "" : amount.currency);
        lua_setfield(L_, -2, "currency");
        set_kind(L_, money_metatable);
    }

    void push_range(const lineside_time_range& range) {
        lua_createtable(L_, 0, 2);
        lua_pushinteger(L_, range.from);
        lua_setfield(L_, -2, "from");
        lua_pushinteger(L_, range.to);
        lua_setfield(L_, -2, "to");
    }

    lua_State* L_;
    const std::shared_ptr<const void>& owner_;
};

inline void push_number(lua_State* L, const member& m, const void* where) {
    switch (m.bits) {
    case width::i32: lua_pushinteger(L, at<std::int32_t>(where, 0)); break;
    case width::i64: lua_pushinteger(L, at<std::int64_t>(where, 0)); break;
    case width::u16: lua_pushinteger(L, at<std::uint16_t>(where, 0)); break;
    case width::u32: lua_pushinteger(L, at<std::uint32_t>(where, 0)); break;
    case width::u64: {
        const auto number = at<std::uint64_t>(where, 0);
        if (number > static_cast<std::uint64_t>(std::numeric_limits<lua_Integer>::max()))
            luaL_error(L, "%s is larger than an integer of Lua", m.name);
        lua_pushinteger(L, static_cast<lua_Integer>(number));
        break;
    }
    case width::f64: lua_pushnumber(L, at<double>(where, 0)); break;
    case width::none: lua_pushnil(L); break;
    }
}

// ---- failures

/// What an error says, for the table that is raised; texts may be empty.
struct failure {
    int code;
    bool retryable;
    const char* message;
    const char* field;
    const char* request_id;
    int http_status;
    int cause_code;
    const char* cause_category;
    const char* cause;
};

[[nodiscard]] inline failure failure_of(const abi::error& e) {
    return {e.code(),
            e.retryable(),
            e.what(),
            e.field().c_str(),
            e.request_id().c_str(),
            e.http_status(),
            e.cause_code(),
            e.cause_category().c_str(),
            e.cause().c_str()};
}

[[nodiscard]] inline failure failure_of(int code, const char* message, const char* field = "") {
    return {code, code == LINESIDE_UNAVAILABLE || code == LINESIDE_EXHAUSTED, message, field, "", 0, 0, "", ""};
}

/// The table that an error is.
inline void push_failure(lua_State* L, const failure& e) {
    const auto set_text = [L](const char* name, const char* text) {
        if (text != nullptr && *text != '\0')
            lua_pushstring(L, text), lua_setfield(L, -2, name);
    };
    lua_createtable(L, 0, 9);
    set_text("code", lineside_code_name(e.code));
    set_text("message", e.message);
    set_text("field", e.field);
    set_text("request_id", e.request_id);
    lua_pushboolean(L, e.retryable ? 1 : 0);
    lua_setfield(L, -2, "retryable");
    if (e.http_status != 0) {
        lua_pushinteger(L, e.http_status);
        lua_setfield(L, -2, "http_status");
    }
    if (e.cause_category != nullptr && *e.cause_category != '\0') {
        set_text("cause", e.cause);
        set_text("cause_category", e.cause_category);
        lua_pushinteger(L, e.cause_code);
        lua_setfield(L, -2, "cause_code");
    }
    set_kind(L, record::error + 1);
}

// ---- answers and events

/// False: an error is on the stack instead.
[[nodiscard]] inline bool push_answer(lua_State* L, const answer& from) {
    if (from.type == nullptr) {
        lua_pushnil(L);
        return true;
    }
    return protect(L, 0, [&from](lua_State* inside) {
        writer(inside, from.value).push_record(static_cast<std::size_t>(from.type - records.data()), from.value.get());
        return 1;
    });
}

[[nodiscard]] inline const char* kind_of(const event& e) {
    switch (e.kind) {
    case LINESIDE_COMPLETION_ANSWER: return "answer";
    case LINESIDE_COMPLETION_PROGRESS: return "progress";
    case LINESIDE_COMPLETION_REJECTED_ROW: return "rejected_row";
    case LINESIDE_COMPLETION_SERVED_REQUEST: return "served_request";
    case LINESIDE_COMPLETION_CLIENT_ATTEMPT: return "client_attempt";
    case LINESIDE_COMPLETION_ALERT: return "alert";
    default: return e.value.type == nullptr ? nullptr : e.value.type->name;
    }
}

/// {tag, kind, value, error}. What cannot be converted is the failure of its own call, and of no other.
inline void push_event(lua_State* L, const event& from) {
    lua_createtable(L, 0, 4);
    lua_pushinteger(L, static_cast<lua_Integer>(from.tag));
    lua_setfield(L, -2, "tag");
    lua_pushstring(L, kind_of(from));
    lua_setfield(L, -2, "kind");
    if (from.failed) {
        push_failure(L, failure_of(*from.failed));
        lua_setfield(L, -2, "error");
    } else if (from.reached) {
        lua_pushinteger(L, *from.reached);
        lua_setfield(L, -2, "value");
    } else {
        lua_setfield(L, -2, push_answer(L, from.value) ? "value" : "error");
    }
}

[[nodiscard]] inline bool push_events(lua_State* L, const std::vector<event>& from) {
    return protect(L, 0, [&from](lua_State* inside) {
        lua_createtable(inside, static_cast<int>(from.size()), 0);
        for (std::size_t i = 0; i < from.size(); ++i) {
            push_event(inside, from[i]);
            lua_rawseti(inside, -2, static_cast<lua_Integer>(i) + 1);
        }
        return 1;
    });
}

} // namespace lineside::bindings::lua
