%module lineside_core

%{
#include "lua.hpp"

using namespace lineside::bindings;

#define perform(...) lineside::bindings::lua::perform(L, __VA_ARGS__)

#undef SWIG_init
#define SWIG_init lineside_core_open
extern "C" int SWIG_init(lua_State* L);
extern "C" SWIGEXPORT int luaopen_lineside_core(lua_State* L) {
    return lineside::bindings::lua::open_module(L, SWIG_init);
}
%}

%include <std_string.i>
%include <stdint.i>

// Integers are integers, not floats.
%typemap(in, checkfn="lua_isinteger")
    int, long, long long, unsigned long, unsigned long long, std::int64_t, std::uint64_t, std::size_t
%{ $1 = static_cast<$1_ltype>(lua_tointeger(L, $input)); %}
%typemap(out)
    int, long, long long, unsigned long, unsigned long long, std::int64_t, std::uint64_t, std::size_t
%{ lua_pushinteger(L, static_cast<lua_Integer>($1)); ++SWIG_arg; %}

// Handles, which are new: Lua may have no room for one.
%typemap(out) SWIGTYPE* {
    const auto give = [made = $1](lua_State* inside) {
        SWIG_NewPointerObj(inside, made, $descriptor, $owner);
        return 1;
    };
    if (!lineside::bindings::lua::protect(L, 0, give)) {
        delete $1;
        SWIG_fail;
    }
    ++SWIG_arg;
}

// A request is a list: the name of its type, and its members by their names.
%typemap(in) const lineside::bindings::request& (lineside::bindings::lua::request_in_lua made) {
    if (!made.read(L, $input))
        SWIG_fail;
    $1 = &made;
}
%typemap(out) lineside::bindings::answer {
    if (!lineside::bindings::lua::push_answer(L, $1))
        SWIG_fail;
    ++SWIG_arg;
}
%typemap(out) std::vector<lineside::bindings::event> {
    if (!lineside::bindings::lua::push_events(L, $1))
        SWIG_fail;
    ++SWIG_arg;
}
// An outbox or nil.
%typemap(in) std::shared_ptr<lineside::bindings::delivery> {
    void* given = nullptr;
    if (!SWIG_IsOK(SWIG_ConvertPtr(L, $input, &given, $descriptor(lineside::bindings::lua::outbox*), 0)))
        SWIG_fail_ptr("$symname", $argnum, $descriptor(lineside::bindings::lua::outbox*));
    const auto* box = static_cast<const lineside::bindings::lua::outbox*>(given);
    $1 = box == nullptr ? std::shared_ptr<lineside::bindings::delivery>() : box->get();
}

// What calls back from any thread cannot enter Lua.
%ignore lineside::bindings::open_asking_client;

%include "lineside.i"

namespace lineside::bindings::lua {
class outbox {
public:
    outbox();
    int descriptor() const;
    std::vector<lineside::bindings::event> take(std::size_t most) const;
};
std::int64_t parse_time(const std::string& text);
std::string format_time(std::int64_t time, int offset_s);
} // namespace lineside::bindings::lua

%exception;
%native(bind) int lineside_bind(lua_State* L);
%native(describe) int lineside_describe(lua_State* L);
%{
static int lineside_bind(lua_State* L) { return lineside::bindings::lua::bind_package(L); }
static int lineside_describe(lua_State* L) { return lineside::bindings::lua::describe(L); }
%}
