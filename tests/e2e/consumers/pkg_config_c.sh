#!/bin/sh
# pkg_config_c.sh COMPILER PREFIX SOURCE OUTPUT: builds and runs a C program with what the installed lineside-c.pc says.
set -eu
PKG_CONFIG_PATH=$(dirname "$(find "$2" -name lineside-c.pc)")
export PKG_CONFIG_PATH
# shellcheck disable=SC2046  # the flags are words
"$1" -std=c99 -Wall -Wextra -pedantic -Werror "$3" $(pkg-config --cflags --libs lineside-c) -o "$4"
LD_LIBRARY_PATH=$(pkg-config --variable=libdir lineside-c) "$4"
