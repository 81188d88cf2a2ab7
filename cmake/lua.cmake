# The Lua module: on where Lineside is the top project and SWIG and Lua's headers are there (and, to test it, Lua), off
# otherwise.

if(LINESIDE_CAPI AND (PROJECT_IS_TOP_LEVEL OR LINESIDE_LUA))
  find_program(SWIG_EXECUTABLE NAMES swig4.0 swig)
  find_package(Lua 5.4 EXACT QUIET)
  find_program(LUA_EXECUTABLE NAMES lua5.4 lua54)
endif()
if(SWIG_EXECUTABLE AND LUA_FOUND AND (LUA_EXECUTABLE OR NOT LINESIDE_TESTS)
    AND PROJECT_IS_TOP_LEVEL AND NOT SKBUILD AND NOT LINESIDE_SANITIZE)
  set(lua_is_there ON)
else()
  set(lua_is_there OFF)
endif()
option(LINESIDE_LUA "Build the Lua module (needs the C library, SWIG and Lua's headers)" ${lua_is_there})
if(LINESIDE_LUA AND NOT (LINESIDE_CAPI AND SWIG_EXECUTABLE AND LUA_FOUND))
  message(FATAL_ERROR "LINESIDE_LUA needs LINESIDE_CAPI, SWIG 4 and the headers of Lua 5.4")
endif()
