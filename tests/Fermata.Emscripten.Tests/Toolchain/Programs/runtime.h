// What programs here have of C and C++ in place of Emscripten's libraries, as far as they use it.
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

typedef __SIZE_TYPE__ size_t;

#define EXPORT(name) __attribute__((export_name(#name)))

// Of the host: notes a number, and returns it when the host lets the program go on.
__attribute__((import_module("env"), import_name("wait_for"))) int wait_for(int number);

void *malloc(size_t size);
void free(void *address);
void *memset(void *target, int value, size_t size);
int strcmp(const char *first, const char *second);
void setThrew(size_t threw, int value);
int atexit(void (*function)(void));
int __cxa_atexit(void (*function)(void *), void *argument, void *library);

#ifdef __cplusplus
}
#endif
