#!/usr/bin/env bash
# Publishes the ledger command as one file that needs no .NET: ops/publish.sh [RUNTIME] [FOLDER]
# RUNTIME is .NET's name of a platform (linux-x64, linux-arm64, osx-arm64, win-x64), this machine's by default; FOLDER is artifacts/RUNTIME.
set -euo pipefail
cd "$(dirname "$0")/.."

runtime=${1:-$(dotnet --info | awk '$1 == "RID:" { print $2; exit }')}
folder=${2:-artifacts/$runtime}
# SQLite and libsodium are libraries of the platform: they travel in the file, and are unpacked when it first runs.
dotnet publish src/Ledger.Cli -c Release -r "$runtime" --self-contained -o "$folder" \
    -p:PublishSingleFile=true -p:IncludeNativeLibrariesForSelfExtract=true -p:EnableCompressionInSingleFile=true \
    -p:DebugType=none -p:GenerateDocumentationFile=false
echo "Published to $folder."
