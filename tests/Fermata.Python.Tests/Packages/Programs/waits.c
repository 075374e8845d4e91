// An extension module: what it calls back may wait.
#include "python.h"

static PyObject *wait_error;

// each(function, items): a list of what the function returns for each item. What C remembers between two calls lies on its stack.
static PyObject *each(PyObject *self, PyObject *arguments) {
  (void)self;
  PyObject *function, *items;
  char label[8];
  strcpy(label, "item");
  if (!PyArg_ParseTuple(arguments, "OO", &function, &items))
    return 0;
  PyObject *iterator = PyObject_GetIter(items), *results = PyList_New(0), *item;
  int count = 0;
  while (iterator && results && (item = PyIter_Next(iterator))) {
    PyObject *result = PyObject_CallFunction(function, "sOi", label, item, count++);
    Py_DecRef(item);
    if (!result || PyList_Append(results, result))
      break;
    Py_DecRef(result);
  }
  Py_DecRef(iterator);
  if (!PyErr_Occurred())
    return results;
  Py_DecRef(results);
  return 0;
}

static PyObject *comparator;

static int compare(const void *left, const void *right) {
  PyObject *result = PyErr_Occurred() ? 0 : PyObject_CallFunction(comparator, "OO", *(PyObject **)left, *(PyObject **)right);
  int order = result ? (int)PyLong_AsLong(result) : 0;
  if (result)
    Py_DecRef(result);
  return order;
}

// sort(list, compare): by qsort of C's library, which is of the interpreter's module, and calls a function of this one.
static PyObject *sort(PyObject *self, PyObject *arguments) {
  (void)self;
  PyObject *list;
  if (!PyArg_ParseTuple(arguments, "OO", &list, &comparator))
    return 0;
  Py_ssize_t count = PyList_Size(list);
  PyObject **items = malloc((size_t)count * sizeof *items);
  for (Py_ssize_t index = 0; index < count; index++)
    items[index] = PyList_GetItemRef(list, index);
  qsort(items, (size_t)count, sizeof *items, compare);
  PyObject *sorted = PyList_New(count);
  for (Py_ssize_t index = 0; index < count; index++)
    PyList_SetItem(sorted, index, items[index]);
  free(items);
  if (!PyErr_Occurred())
    return sorted;
  Py_DecRef(sorted);
  return 0;
}

static PyObject *fail(PyObject *self, PyObject *code) {
  (void)self;
  return PyErr_Format(PyLong_AsLong(code) < 0 ? PyExc_ValueError : wait_error, "failed with %R", code);
}

// Counter(start): add(function) adds what a function returns.
typedef struct {
  PyObject base;
  PyObject *value;
} Counter;

static int counter_init(PyObject *self, PyObject *arguments, PyObject *named) {
  (void)named;
  PyObject *start;
  if (!PyArg_ParseTuple(arguments, "O", &start))
    return -1;
  Py_IncRef(start);
  ((Counter *)self)->value = start;
  return 0;
}

static void counter_dealloc(PyObject *self) {
  PyTypeObject *type = self->ob_type;
  if (((Counter *)self)->value)
    Py_DecRef(((Counter *)self)->value);
  ((void (*)(void *))PyType_GetSlot(type, 74 /* Py_tp_free */))(self);
  Py_DecRef((PyObject *)type);
}

static PyObject *counter_add(PyObject *self, PyObject *function) {
  PyObject *number = PyObject_CallOneArg(function, ((Counter *)self)->value);
  if (!number)
    return 0;
  PyObject *sum = PyNumber_Add(((Counter *)self)->value, number);
  Py_DecRef(number);
  if (!sum)
    return 0;
  Py_DecRef(((Counter *)self)->value);
  ((Counter *)self)->value = sum;
  Py_IncRef(self);
  return self;
}

static PyObject *counter_repr(PyObject *self) { return PyUnicode_FromFormat("<Counter at %S>", ((Counter *)self)->value); }

static PyMethodDef counter_methods[] = {{"add", counter_add, METH_O, "Adds what a function returns."}, {0}};
static PyMemberDef counter_members[] = {{"value", Py_T_OBJECT_EX, __builtin_offsetof(Counter, value), Py_READONLY, 0}, {0}};
static PyType_Slot counter_slots[] = {
  {Py_tp_init, counter_init}, {Py_tp_dealloc, counter_dealloc}, {Py_tp_repr, counter_repr}, {Py_tp_methods, counter_methods}, {Py_tp_members, counter_members}, {0},
};
static PyType_Spec counter = {"waits.Counter", sizeof(Counter), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, counter_slots};

static int add(PyObject *module, const char *name, PyObject *object) {
  int result = object ? PyModule_AddObjectRef(module, name, object) : -1;
  if (object)
    Py_DecRef(object);
  return result;
}

static int execute(PyObject *module) {
  wait_error = PyErr_NewException("waits.WaitError", 0, 0);
  if (!wait_error)
    return -1;
  Py_IncRef(wait_error);
  return add(module, "WaitError", wait_error) || add(module, "Counter", PyType_FromSpec(&counter)) ? -1 : 0;
}

static PyMethodDef methods[] = {
  {"each", each, METH_VARARGS, "Calls a function with each item."}, {"sort", sort, METH_VARARGS, "Sorts a list."}, {"fail", fail, METH_O, "Fails."}, {0},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, execute}, {0}};
static PyModuleDef definition = {.m_name = "waits", .m_doc = "Calls back functions that wait.", .m_methods = methods, .m_slots = slots};

PyObject *PyInit_waits(void) { return PyModuleDef_Init(&definition); }
