// What every freestanding sample gets from its host: two functions to be seen by.
// Each call prints one line. The host puts "wasm: " before it, and "host: " before lines of its own.

#pragma once

#define IMPORT(name) __attribute__((import_module("env"), import_name(#name)))
#define EXPORT(name) __attribute__((export_name(#name)))

IMPORT(logString) void logString(const char *text);

// Prints the label, a space and the number.
IMPORT(logInt) void logInt(const char *label, int value);
