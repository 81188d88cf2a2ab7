#pragma once

#include "lua_values.hpp"
#include "requests.hpp"

#include <array>
#include <cstring>
#include <string_view>

// Values of Lua as requests in C, by the tables of records.hpp.
namespace lineside::bindings::lua {

/// A request made of {its record's name, its members}: a table with the members by their names, or the first of them
/// alone; "text" has an account alone. Strings stay with Lua and last as long as the value they were in. Tables are
/// read as they are, without metamethods.
class request_in_lua final : public request_reader<request_in_lua, int> {
public:
    /// False: an error is on the stack.
    bool read(lua_State* L, int index) {
        return protect(L, index, [this](lua_State* inside) {
            L_ = inside;
            lua_settop(inside, 1);
            read_request();
            lua_pushnil(inside);
            return 1;
        });
    }

private:
    friend request_reader<request_in_lua, int>;

    [[nodiscard]] bool is_unset(int from) const { return lua_isnoneornil(L_, from); }

    // ---- what is wrong

    [[noreturn]] void refuse_with(const char* format, const char* field, const char* what) const {
        const char* message = lua_pushfstring(L_, format, field, what);
        push_failure(L_, failure_of(LINESIDE_INVALID_ARGUMENT, message, field));
        throw raised();
    }
    /// Where a member is: "events[3].at".
    const char* path_to(const char* name) const {
        luaL_Buffer all;
        luaL_buffinit(L_, &all);
        for (std::size_t i = 0; i < depth_; ++i) {
            luaL_addstring(&all, path_[i].name);
            if (path_[i].item > 0) {
                lua_pushfstring(L_, "[%I]", path_[i].item);
                luaL_addvalue(&all);
            }
            luaL_addchar(&all, '.');
        }
        luaL_addstring(&all, name);
        luaL_pushresult(&all);
        return lua_tostring(L_, -1);
    }
    const char* path_of(const member& m) const {
        const char* path = path_to(m.name);
        return item_ > 0 && m.held == holding::listed ? lua_pushfstring(L_, "%s[%I]", path, item_) : path;
    }
    [[noreturn]] void refuse(const member& m, const char* expected, int got) const {
        const char* field = path_of(m);
        const char* what = lua_pushfstring(L_, "%s, not %s", expected, luaL_typename(L_, got));
        refuse_with("%s is %s", field, what);
    }
    [[noreturn]] void out_of_range(const member& m, int from) const {
        refuse_with("%s is out of range: %s", path_of(m), luaL_tolstring(L_, from, nullptr));
    }

    // ---- structures

    void read_request() {
        if (lua_isnil(L_, 1))
            return;
        luaL_checktype(L_, 1, LUA_TTABLE);
        lua_rawgeti(L_, 1, 1);
        lua_rawgeti(L_, 1, 2);
        const std::string_view name = luaL_checkstring(L_, 2);
        if (name == "text") {
            read_account();
            return;
        }
        type_ = find_record(name);
        if (type_ == nullptr)
            luaL_error(L_, "there is no request %s", name.data());
        auto* to = start(*type_);
        if (lua_istable(L_, 3))
            read_members(*type_, 3, to);
        else if (type_->first != type_->last)
            read_member(*type_->first, 3, to);
        else if (!lua_isnil(L_, 3))
            refuse_with("%s has no members%s", type_->name, "");
        made_ = to;
    }

    void read_account() {
        static constexpr record_type just_account{"an account", 0, false, &account_text, &account_text + 1};
        auto* to = static_cast<char*>(room(sizeof(const char*)));
        if (lua_istable(L_, 3))
            read_members(just_account, 3, to);
        else
            read_member(account_text, 3, to);
        const char* account = at<const char*>(to, 0);
        made_ = account == nullptr ? "" : account; // one's own
    }

    void read_members(const record_type& type, int table, char* to) {
        luaL_checkstack(L_, 12, "a request");
        for (lua_pushnil(L_); lua_next(L_, table) != 0; lua_pop(L_, 1)) {
            const int value = lua_gettop(L_);
            read_member(find_member(type, value - 1), value, to);
            lua_settop(L_, value);
        }
    }

    const member& find_member(const record_type& type, int key) const {
        if (lua_type(L_, key) != LUA_TSTRING) { // no number: converted, it would not be the key any more
            lua_pushvalue(L_, key);
            refuse_with("%s is no member of %s", path_to(luaL_tolstring(L_, -1, nullptr)), type.name);
        }
        const char* name = lua_tostring(L_, key);
        for (const auto* m = type.first; m != type.last; ++m)
            if (std::strcmp(m->name, name) == 0)
                return *m;
        refuse_with("%s is no member of %s", path_to(name), type.name);
    }

    const void* record_of(const member& m, int from) {
        if (!lua_istable(L_, from))
            refuse(m, "a table", from);
        const auto& type = records[static_cast<std::size_t>(m.of)];
        auto* to = start(type);
        path_.at(depth_++) = {m.name, item_};
        item_ = 0;
        read_members(type, from, to);
        item_ = path_[--depth_].item;
        return to;
    }

    std::size_t list_of(const member& m, int from, void* where) {
        if (!lua_istable(L_, from))
            refuse(m, "a list", from);
        const auto count = lua_rawlen(L_, from);
        lua_Unsigned entries = 0;
        for (lua_pushnil(L_); lua_next(L_, from) != 0; lua_pop(L_, 1))
            ++entries;
        if (entries != count)
            refuse_with("%s is a list%s", path_of(m), ", without names and holes");
        const int top = lua_gettop(L_);
        const auto read = read_items(m, count, where, [&](std::size_t i) {
            lua_settop(L_, top);
            item_ = static_cast<lua_Integer>(i) + 1;
            lua_rawgeti(L_, from, item_);
            return top + 1;
        });
        item_ = 0;
        lua_settop(L_, top);
        return read;
    }

    // ---- single values

    const char* text_of(const member& m, int from) {
        // A number is no text: 0049 and 49 are two.
        if (lua_type(L_, from) != LUA_TSTRING)
            refuse(m, "a text", from);
        std::size_t size = 0;
        const char* text = lua_tolstring(L_, from, &size);
        if (std::strlen(text) != size)
            refuse_with("%s has a zero byte in it%s", path_of(m), "");
        return text;
    }

    [[nodiscard]] std::string_view bytes_of(const member& m, int from) const {
        if (lua_type(L_, from) != LUA_TSTRING)
            refuse(m, "a string", from);
        std::size_t size = 0;
        const char* bytes = lua_tolstring(L_, from, &size);
        return {bytes, size};
    }

    [[nodiscard]] bool truth_of(const member& m, int from) const {
        if (!lua_isboolean(L_, from))
            refuse(m, "true or false", from);
        return lua_toboolean(L_, from) != 0;
    }

    [[nodiscard]] double real_of(const member& m, int from) const {
        if (lua_type(L_, from) != LUA_TNUMBER)
            refuse(m, "a number", from);
        return lua_tonumber(L_, from);
    }
    [[nodiscard]] std::int64_t whole_of(const member& m, int from) const {
        return integer_of(m, "a whole number", from);
    }
    [[nodiscard]] std::uint64_t unsigned_of(const member& m, int from) const {
        const auto number = whole_of(m, from);
        if (number < 0)
            out_of_range(m, from);
        return static_cast<std::uint64_t>(number);
    }
    std::int64_t integer_of(const member& m, const char* expected, int from) const {
        int is_one = 0;
        const auto number = lua_tointegerx(L_, from, &is_one);
        if (lua_type(L_, from) != LUA_TNUMBER)
            refuse(m, expected, from);
        if (is_one == 0)
            refuse_with("%s is not a whole number: %s", path_of(m), luaL_tolstring(L_, from, nullptr));
        return number;
    }

    std::int64_t time_of(const member& m, int from) const {
        if (lua_type(L_, from) != LUA_TSTRING)
            return integer_of(m, "a time (milliseconds since 1970, or ISO 8601)", from);
        std::int64_t time = 0;
        check(m, lineside_time_parse(lua_tostring(L_, from), &time));
        return time;
    }
    [[nodiscard]] std::int64_t length_of(const member& m, int from) const {
        return integer_of(m, "a number of milliseconds", from);
    }
    /// What the library says of a text.
    void check(const member& m, lineside_error* failed) const {
        if (failed == nullptr)
            return;
        std::array<char, 256> message{};
        std::strncpy(message.data(), failed->message, message.size() - 1);
        lineside_error_free(failed); // before anything can raise
        refuse_with("%s: %s", path_of(m), message.data());
    }

    std::int32_t constant_of(const member& m, int from) const {
        if (lua_type(L_, from) != LUA_TSTRING)
            refuse(m, "the text of a constant", from);
        const auto found = find_constant(m.of, lua_tostring(L_, from));
        if (found == 0) {
            const char* field = path_of(m);
            const char* name = enumerations[static_cast<std::size_t>(m.of)].name;
            refuse_with("%s: there is no %s", field, lua_pushfstring(L_, "%s '%s'", name, lua_tostring(L_, from)));
        }
        return found;
    }

    lineside_money money_of(const member& m, int from) {
        static constexpr member amount{"amount", meaning::money, width::none, holding::in_place, false, 0, 0, nowhere};
        static constexpr member currency{"currency", meaning::text, width::none, holding::in_place, false, 0,
                                         0,          nowhere};
        if (!lua_istable(L_, from))
            refuse(m, "{amount=, currency=}", from);
        lineside_money to{};
        path_.at(depth_++) = {m.name, item_};
        for (lua_pushnil(L_); lua_next(L_, from) != 0; lua_pop(L_, 1)) {
            const int value = lua_gettop(L_);
            const char* key = lua_type(L_, value - 1) == LUA_TSTRING ? lua_tostring(L_, value - 1) : "";
            if (std::strcmp(key, amount.name) == 0) {
                // A float is not exact. What stands in a copy is never the key of a table.
                if (lua_type(L_, value) != LUA_TSTRING && lua_isinteger(L_, value) == 0)
                    refuse(amount, "a text or an integer", value);
                check(amount, lineside_money_parse(luaL_tolstring(L_, value, nullptr), &to.units, &to.nanos));
            } else if (std::strcmp(key, currency.name) == 0) {
                to.currency = text_of(currency, value);
            } else {
                refuse_with("%s is no member of %s", path_to(luaL_tolstring(L_, value - 1, nullptr)), "money");
            }
            lua_settop(L_, value);
        }
        --depth_;
        return to;
    }

    lineside_time_range range_of(const member& m, int from) {
        static constexpr member first{"from", meaning::time, width::i64, holding::in_place, false, 0, 0, nowhere};
        static constexpr member last{"to", meaning::time, width::i64, holding::in_place, false, 0, 0, nowhere};
        if (!lua_istable(L_, from))
            refuse(m, "{from=, to=}", from);
        path_.at(depth_++) = {m.name, item_};
        const int top = lua_gettop(L_);
        lua_pushstring(L_, first.name);
        lua_rawget(L_, from);
        lua_pushstring(L_, last.name);
        lua_rawget(L_, from);
        const lineside_time_range range{time_of(first, top + 1), time_of(last, top + 2)};
        for (lua_pushnil(L_); lua_next(L_, from) != 0; lua_pop(L_, 1)) {
            const char* key = lua_type(L_, -2) == LUA_TSTRING ? lua_tostring(L_, -2) : "";
            if (std::strcmp(key, first.name) != 0 && std::strcmp(key, last.name) != 0)
                refuse_with("%s is no member of %s", path_to(luaL_tolstring(L_, -2, nullptr)), "a range");
        }
        lua_settop(L_, top);
        --depth_;
        return range;
    }

    struct step {
        const char* name;
        lua_Integer item; ///< of a list, from 1; 0: it is none
    };

    lua_State* L_ = nullptr;
    std::array<step, 8> path_{}; ///< from the request to the structure that is read
    std::size_t depth_ = 0;
    lua_Integer item_ = 0; ///< of the list that is read
};

} // namespace lineside::bindings::lua
