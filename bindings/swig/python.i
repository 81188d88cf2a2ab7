%module(package="lineside") _core

%begin %{
// The threads of Python wait in lineside's own way.
#define PY_SSIZE_T_CLEAN
%}

%{
#include "python.hpp"

using namespace lineside::bindings;
using lineside::bindings::python::perform;
%}

// A request is a tuple: the name of its type and its members in their order.
%typemap(in) const lineside::bindings::request& (lineside::bindings::python::request_in_python made) {
    if (!made.read($input))
        SWIG_fail;
    $1 = &made;
}
%typemap(out) lineside::bindings::answer {
    $result = lineside::bindings::python::to_python($1);
    if ($result == nullptr)
        SWIG_fail;
}
%typemap(out) std::vector<lineside::bindings::event> {
    $result = lineside::bindings::python::to_python($1);
    if ($result == nullptr)
        SWIG_fail;
}
// (mailer, texter): callables or None.
%typemap(in) std::shared_ptr<lineside::bindings::delivery> {
    if (!PyTuple_Check($input) || PyTuple_GET_SIZE($input) != 2) {
        PyErr_SetString(PyExc_TypeError, "a mailer and a texter");
        SWIG_fail;
    }
    auto* mailer = PyTuple_GET_ITEM($input, 0);
    auto* texter = PyTuple_GET_ITEM($input, 1);
    std::shared_ptr<lineside::bindings::delivery> by;
    if (mailer != Py_None || texter != Py_None)
        by = std::make_shared<lineside::bindings::python::delivery_in_python>(mailer, texter);
    $1 = by;
}

// Any bytes.
%typemap(in) const std::string& body (std::string made) {
    char* bytes = nullptr;
    Py_ssize_t size = 0;
    if (PyBytes_AsStringAndSize($input, &bytes, &size) != 0)
        SWIG_fail;
    made.assign(bytes, static_cast<std::size_t>(size));
    $1 = &made;
}
%typemap(freearg) const std::string& body ""

%include "lineside.i"

%init %{
    PyDateTime_IMPORT;
    if (PyDateTimeAPI == nullptr)
        return nullptr;
%}

// What follows needs the GIL.
%exception;
%native(bind) PyObject* bind_package(PyObject* self, PyObject* args);
%native(is_main_interpreter) PyObject* is_main_interpreter(PyObject* self, PyObject* args);
%{
static PyObject* bind_package(PyObject*, PyObject* args) {
    PyObject *classes, *constants, *money, *decimal, *range, *failure, *epoch;
    if (PyArg_ParseTuple(args, "O!O!OOOOO", &PyDict_Type, &classes, &PyDict_Type, &constants, &money, &decimal, &range,
                         &failure, &epoch) == 0)
        return nullptr;
    if (!lineside::bindings::python::bind(classes, constants, money, decimal, range, failure, epoch))
        return PyErr_Occurred() != nullptr ? nullptr : PyErr_Format(PyExc_SystemError, "an enumeration is missing");
    return Py_NewRef(Py_None);
}

static PyObject* is_main_interpreter(PyObject*, PyObject*) {
    return PyBool_FromLong(PyInterpreterState_Get() == PyInterpreterState_Main());
}
%}
