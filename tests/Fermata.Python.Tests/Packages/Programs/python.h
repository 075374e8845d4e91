// Python's stable C API, as far as the extension modules of these tests need it (docs.python.org/3.14/c-api): the package of Pyodide has no headers.
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

typedef __SIZE_TYPE__ size_t;
typedef __PTRDIFF_TYPE__ Py_ssize_t;
typedef struct _object PyObject;
typedef struct _typeobject PyTypeObject;
typedef PyObject *(*PyCFunction)(PyObject *, PyObject *);

struct _object {
  Py_ssize_t ob_refcnt;
  PyTypeObject *ob_type;
};

typedef struct {
  const char *ml_name;
  PyCFunction ml_meth;
  int ml_flags;
  const char *ml_doc;
} PyMethodDef;

#define METH_VARARGS 1
#define METH_NOARGS 4
#define METH_O 8

typedef struct {
  int slot;
  void *pfunc;
} PyType_Slot;

typedef struct {
  const char *name;
  int basicsize;
  int itemsize;
  unsigned int flags;
  PyType_Slot *slots;
} PyType_Spec;

#define Py_tp_call 50
#define Py_tp_dealloc 52
#define Py_tp_init 60
#define Py_tp_methods 64
#define Py_tp_new 65
#define Py_tp_repr 66
#define Py_tp_members 72
#define Py_TPFLAGS_DEFAULT 0
#define Py_TPFLAGS_BASETYPE (1u << 10)

typedef struct {
  const char *name;
  int type;
  Py_ssize_t offset;
  int flags;
  const char *doc;
} PyMemberDef;

#define Py_T_OBJECT_EX 16
#define Py_READONLY 1

typedef struct {
  int slot;
  void *value;
} PyModuleDef_Slot;

#define Py_mod_exec 2

typedef struct {
  PyObject ob_base;
  PyObject *(*m_init)(void);
  Py_ssize_t m_index;
  PyObject *m_copy;
  const char *m_name;
  const char *m_doc;
  Py_ssize_t m_size;
  PyMethodDef *m_methods;
  PyModuleDef_Slot *m_slots;
  void *m_traverse, *m_clear, *m_free;
} PyModuleDef;

PyObject *PyModuleDef_Init(PyModuleDef *);
int PyModule_AddObjectRef(PyObject *, const char *, PyObject *);
PyObject *PyType_FromSpec(PyType_Spec *);
void *PyType_GetSlot(PyTypeObject *, int);
PyObject *PyErr_NewException(const char *, PyObject *, PyObject *);
PyObject *PyErr_Format(PyObject *, const char *, ...);
PyObject *PyErr_Occurred(void);
int PyArg_ParseTuple(PyObject *, const char *, ...);
PyObject *PyObject_CallFunction(PyObject *, const char *, ...);
PyObject *PyObject_CallOneArg(PyObject *, PyObject *);
PyObject *PyObject_CallNoArgs(PyObject *);
PyObject *PyUnicode_FromFormat(const char *, ...);
PyObject *PyLong_FromLong(long);
long PyLong_AsLong(PyObject *);
PyObject *PyNumber_Add(PyObject *, PyObject *);
PyObject *PyList_New(Py_ssize_t);
Py_ssize_t PyList_Size(PyObject *);
PyObject *PyList_GetItemRef(PyObject *, Py_ssize_t);
int PyList_SetItem(PyObject *, Py_ssize_t, PyObject *);
int PyList_Append(PyObject *, PyObject *);
PyObject *PyObject_GetIter(PyObject *);
PyObject *PyIter_Next(PyObject *);
PyObject *Py_GetConstantBorrowed(unsigned int);
void Py_IncRef(PyObject *);
void Py_DecRef(PyObject *);
extern PyObject *PyExc_ValueError;

#define Py_None Py_GetConstantBorrowed(0)

// Of C's library, which is the interpreter's.
void qsort(void *, size_t, size_t, int (*)(const void *, const void *));
void *malloc(size_t);
void free(void *);
char *strcpy(char *, const char *);

#ifdef __cplusplus
}
#endif
