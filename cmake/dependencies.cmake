# What Lineside stands on. The installed lineside-config.cmake names the same.

find_package(Boost 1.81 REQUIRED CONFIG COMPONENTS headers json)
find_package(OpenSSL 3.0 REQUIRED)
find_package(SQLite3 3.40 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(date REQUIRED CONFIG)
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(ARGON2 REQUIRED IMPORTED_TARGET libargon2)
pkg_check_modules(QRENCODE REQUIRED IMPORTED_TARGET libqrencode)
# xxHash is compiled in from its header, so that it is no library to link.
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)
target_compile_definitions(PkgConfig::XXHASH INTERFACE XXH_INLINE_ALL=)
