// Exceptions of the C++ library: of classes that have one base at most, and it first.
#include "cxxabi.h"

namespace std {
type_info::~type_info() {}
exception::~exception() {}
const char *exception::what() const noexcept { return "std::exception"; }
void terminate() noexcept { __builtin_trap(); }
}

namespace __cxxabiv1 {
__class_type_info::~__class_type_info() {}
__si_class_type_info::~__si_class_type_info() {}
__vmi_class_type_info::~__vmi_class_type_info() {}
__pointer_type_info::~__pointer_type_info() {}
__fundamental_type_info::~__fundamental_type_info() {}
const __class_type_info *__class_type_info::base() const { return nullptr; }
const __class_type_info *__si_class_type_info::base() const { return _base; }
}

inline void *operator new(size_t, void *place) noexcept { return place; }
void operator delete(void *address) noexcept { free(address); }
void operator delete(void *address, size_t) noexcept { free(address); }

using __cxxabiv1::__class_type_info;

namespace {
// The headers are laid out as those of Emscripten. Destructors return their object, as those do.
#ifdef __wasm_exception_handling__
struct Header {
  std::type_info *type;
  void *(*destructor)(void *);
  void *unused[9];
  int references;
  alignas(16) unsigned long long thrown;
  alignas(16) char rest[16];
};

static_assert(sizeof(Header) == 80);
#else
struct Header {
  int references;
  std::type_info *type;
  void *(*destructor)(void *);
  bool isCaught, isRethrown;
  void *adjusted;
  int padding;
};

static_assert(sizeof(Header) == 24);
#endif

Header *headerOf(void *object) { return static_cast<Header *>(object) - 1; }

bool canCatch(const std::type_info *caught, const std::type_info *thrown) {
  if (caught == thrown)
    return true;
  if (!caught || thrown->name()[0] < '0' || thrown->name()[0] > 'N')
    return false;
  for (auto type = static_cast<const __class_type_info *>(thrown)->base(); type; type = type->base()) {
    if (type == caught)
      return true;
  }
  return false;
}
}

extern "C" {
int __gxx_personality_v0(int) { return 0; }

void *__cxa_allocate_exception(size_t size) {
  auto header = static_cast<Header *>(malloc(sizeof(Header) + size));
  memset(header, 0, sizeof(Header) + size);
  return header + 1;
}

EXPORT(__cxa_increment_exception_refcount) void __cxa_increment_exception_refcount(void *object) { headerOf(object)->references++; }

EXPORT(__cxa_decrement_exception_refcount) void __cxa_decrement_exception_refcount(void *object) {
  auto header = headerOf(object);
  if (--header->references > 0)
    return;
  if (header->destructor)
    header->destructor(object);
  free(header);
}

EXPORT(__cxa_can_catch) int __cxa_can_catch(std::type_info *caught, std::type_info *thrown, void **) { return canCatch(caught, thrown); }

EXPORT(__cxa_is_pointer_type) int __cxa_is_pointer_type(std::type_info *type) { return type->name()[0] == 'P'; }

#ifdef __wasm_exception_handling__
// By exceptions of WebAssembly all of it is the program's own.
__asm__(".tagtype __cpp_exception i32\n.globl __cpp_exception\n__cpp_exception:\n");

struct Handler {
  void *object;
  Handler *outer;
};

// What a thread has, as the host looks for it.
static struct Globals {
  Handler *handlers;
  unsigned uncaught;
} globals;

EXPORT(__cxa_get_globals) Globals *__cxa_get_globals() { return &globals; }

struct LandingPad {
  unsigned index;
  const unsigned char *table;
  unsigned selector;
};

LandingPad __wasm_lpad_context;

int __gxx_wasm_personality_v0(int) { return 0; }

// An exception carries the part of the header that is common to all languages.
static void *objectOf(void *thrown) { return static_cast<char *>(thrown) + 32; }

static void raise(void *object) {
  globals.uncaught++;
  __builtin_wasm_throw(0, &headerOf(object)->thrown);
}

unsigned __cxa_uncaught_exceptions() { return globals.uncaught; }

void __cxa_throw(void *object, std::type_info *type, void *(*destructor)(void *)) {
  auto header = headerOf(object);
  header->references = 1;
  header->type = type;
  header->destructor = destructor;
  header->thrown = 0x434C4E47432B2B00; // CLNGC++
  raise(object);
}

void *__cxa_begin_catch(void *thrown) {
  auto object = objectOf(thrown);
  globals.handlers = new (malloc(sizeof(Handler))) Handler{object, globals.handlers};
  globals.uncaught--;
  return object;
}

// The end of the handler that throws it again drops a reference.
void __cxa_rethrow() {
  auto object = globals.handlers->object;
  headerOf(object)->references++;
  raise(object);
}

void __cxa_end_catch() {
  auto handler = globals.handlers;
  globals.handlers = handler->outer;
  __cxa_decrement_exception_refcount(handler->object);
}

static unsigned readNumber(const unsigned char *&data) {
  unsigned value = 0, shift = 0, byte;
  do {
    byte = *data++;
    value |= (byte & 127) << shift;
    shift += 7;
  } while (byte & 128);
  return value;
}

// Finds the handler for an exception in the table of a function: the types that each call site catches, in their order. Numbers are small enough to have no sign.
int _Unwind_CallPersonality(void *thrown) {
  auto data = __wasm_lpad_context.table + 2;
  auto toTypes = readNumber(data);
  auto types = reinterpret_cast<std::type_info *const *>(data + toTypes);
  data++;
  auto length = readNumber(data);
  auto actions = data + length;
  unsigned action = 0;
  for (auto end = data + length; data < end;) {
    auto site = readNumber(data), itsAction = readNumber(data);
    if (site == __wasm_lpad_context.index)
      action = itsAction;
  }
  __wasm_lpad_context.selector = 0;
  while (action) {
    auto record = actions + action - 1;
    auto type = readNumber(record);
    auto caught = types[-static_cast<int>(type)];
    if (!caught || canCatch(caught, headerOf(objectOf(thrown))->type)) {
      __wasm_lpad_context.selector = type;
      break;
    }
    action = *record ? static_cast<unsigned>(record - actions) + 1 + *record : 0;
  }
  return 0;
}
#endif
}
