# How every target of Lineside is compiled, and the functions that make targets out of folders.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

if(PROJECT_IS_TOP_LEVEL)
  set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
  find_program(CCACHE ccache)
  mark_as_advanced(CCACHE)
  if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    # Paths in the project are relative to the cache, so that every checkout and build folder shares it.
    set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env
      "CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}" CCACHE_NOHASHDIR=1 CCACHE_ABSSTDERR=1 "${CCACHE}")
  endif()
endif()

if(LINESIDE_SANITIZE STREQUAL "address")
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
  if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    # clang's function sanitizer puts data in front of coroutines and then reads it as code.
    add_compile_options(-fno-sanitize=function)
  endif()
elseif(LINESIDE_SANITIZE STREQUAL "thread")
  add_compile_options(-fsanitize=thread -fno-omit-frame-pointer)
  add_link_options(-fsanitize=thread)
elseif(NOT LINESIDE_SANITIZE STREQUAL "")
  message(FATAL_ERROR "LINESIDE_SANITIZE is address, thread or nothing, not '${LINESIDE_SANITIZE}'")
endif()

if(LINESIDE_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "LINESIDE_FUZZ needs clang (CMAKE_CXX_COMPILER=clang++)")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# Whatever process runs what is listed adds its counts to one file for its program.
if(LINESIDE_COVERAGE)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "LINESIDE_COVERAGE needs clang (CMAKE_CXX_COMPILER=clang++)")
  endif()
  set(covered_list "${PROJECT_SOURCE_DIR}/tests/coverage/covered.txt")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${covered_list}")
  file(STRINGS "${covered_list}" covered_sources REGEX "^[^#].*\\.cpp$")
  list(TRANSFORM covered_sources PREPEND "${PROJECT_SOURCE_DIR}/")
  set_source_files_properties(${covered_sources} PROPERTIES COMPILE_OPTIONS
    "-fprofile-instr-generate=${PROJECT_BINARY_DIR}/coverage/%m.profraw;-fcoverage-mapping;-fprofile-update=atomic")
  # As in tests/CMakeLists.txt: the program's first object names the file of its counts.
  set_source_files_properties("${PROJECT_SOURCE_DIR}/src/cli/main.cpp" PROPERTIES COMPILE_OPTIONS
    "-fprofile-instr-generate=${PROJECT_BINARY_DIR}/coverage/lineside-%m.profraw")
  add_link_options(-fprofile-instr-generate)
endif()

# Our warnings, for our targets. Consumers never see them: nothing here is PUBLIC.
function(lineside_warnings target)
  if(NOT LINESIDE_DEVELOPER)
    return()
  endif()
  target_compile_options(${target} PRIVATE
    -Werror -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
    -Woverloaded-virtual -Wextra-semi -Wold-style-cast -Wundef
    -Wno-missing-field-initializers)  # {.name = value} leaves the rest at its default on purpose
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC 12 sees ghosts in inlined std::string and std::optional; clang and the sanitizers look for the real ones.
    target_compile_options(${target} PRIVATE -Wno-restrict -Wno-maybe-uninitialized)
  endif()
endfunction()

# The sources of a folder; one empty source where there are none yet.
function(lineside_sources out folder)
  file(GLOB_RECURSE found CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/${folder}/*.cpp")
  if(NOT found)
    set(found "${PROJECT_BINARY_DIR}/empty.cpp")
    file(CONFIGURE OUTPUT "${found}" CONTENT "")
  endif()
  set(${out} "${found}" PARENT_SCOPE)
endfunction()

# A file as the constant lineside::wire::<name>, compiled into the target.
function(lineside_text target name file)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/${file}")
  file(READ "${PROJECT_SOURCE_DIR}/${file}" text)
  set(source "${PROJECT_BINARY_DIR}/text/${name}.cpp")
  file(CONFIGURE OUTPUT "${source}" @ONLY CONTENT "#include <string_view>

namespace lineside::wire {

extern const std::string_view @name@;
const std::string_view @name@ = R\"lineside(@text@)lineside\";

} // namespace lineside::wire
")
  target_sources(${target} PRIVATE "${source}")
endfunction()

# src/<name> as the object library lineside_<name>; the further arguments are the libraries it may use.
function(lineside_floor name)
  lineside_sources(sources src/${name})
  add_library(lineside_${name} OBJECT ${sources})
  target_include_directories(lineside_${name} PRIVATE "${PROJECT_SOURCE_DIR}/include" "${PROJECT_SOURCE_DIR}/src")
  target_link_libraries(lineside_${name} PRIVATE Boost::headers Threads::Threads ${ARGN})
  target_compile_definitions(lineside_${name} PRIVATE LINESIDE_BUILDING)
  if(NOT BUILD_SHARED_LIBS)
    target_compile_definitions(lineside_${name} PRIVATE LINESIDE_STATIC_DEFINE)
  endif()
  lineside_warnings(lineside_${name})
endfunction()
