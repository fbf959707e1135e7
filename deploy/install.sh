#!/bin/sh
# Installs the package that `npm pack` made, with nothing that only building needs: sh install.sh PACKAGE.tgz /usr/local
set -eu
package=$1
prefix=$2
npm install --global --prefix "$prefix" --omit=dev --no-audit --no-fund "$package"
"$prefix/bin/countersign" --version
