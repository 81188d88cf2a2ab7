#!/bin/sh
# run.sh FOLDER PROGRAM...: runs a program after its folder was made anew, with descriptors that can run out.
set -e
rm -rf "$1"
mkdir -p "$1"
shift
ulimit -n 256
exec "$@"
