#!/bin/sh
# pkg_config.sh COMPILER PREFIX SOURCE OUTPUT: builds and runs a program with what the installed lineside.pc says, and
# with the warnings a strict host may have on: the public headers give none.
set -eu
PKG_CONFIG_PATH=$(dirname "$(find "$2" -name lineside.pc)")
export PKG_CONFIG_PATH
# shellcheck disable=SC2046  # the flags are words
"$1" -std=c++20 -Wall -Wextra -Wpedantic -Wshadow -Werror "$3" \
    $(pkg-config --static --cflags --libs lineside) -o "$4"
LD_LIBRARY_PATH=$(pkg-config --variable=libdir lineside) "$4"
