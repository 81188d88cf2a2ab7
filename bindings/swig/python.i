%module(package="lineside") _core

%begin %{
// The threads of Python wait in lineside's own way.
#define PY_SSIZE_T_CLEAN
%}

%{
#include "python.hpp"
#include "python_loop.hpp"

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
// (mailer, texter, clock): callables or None.
%typemap(in) std::shared_ptr<lineside::bindings::delivery> {
    PyObject *mailer, *texter, *clock;
    if (PyArg_ParseTuple($input, "OOO", &mailer, &texter, &clock) == 0)
        SWIG_fail;
    std::shared_ptr<lineside::bindings::delivery> by;
    if (mailer != Py_None || texter != Py_None || clock != Py_None)
        by = std::make_shared<lineside::bindings::python::delivery_in_python>(mailer, texter, clock);
    $1 = by;
}
// (refresh, traceparent): callables or None.
%typemap(in) std::shared_ptr<lineside::bindings::asker> {
    PyObject *refresh, *traceparent;
    if (PyArg_ParseTuple($input, "OO", &refresh, &traceparent) == 0)
        SWIG_fail;
    std::shared_ptr<lineside::bindings::asker> by;
    if (refresh != Py_None || traceparent != Py_None)
        by = std::make_shared<lineside::bindings::python::asker_in_python>(refresh, traceparent);
    $1 = by;
}

// A text of Python has its UTF-8 with it, for as long as the call lasts.
%typemap(in) const char* {
    Py_ssize_t size = 0;
    $1 = const_cast<char*>(PyUnicode_AsUTF8AndSize($input, &size));
    if ($1 == nullptr)
        SWIG_fail;
    if (std::strlen($1) != static_cast<std::size_t>(size)) {
        PyErr_SetString(PyExc_ValueError, "$1_name has a zero byte in it");
        SWIG_fail;
    }
}
%typemap(freearg) const char* ""

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

// Needs the GIL, as what follows the others.
%exception lineside::bindings::queue::settle {
    $action
    if (result == nullptr)
        SWIG_fail;
}

%include "lineside.i"

%extend lineside::bindings::queue {
    PyObject* settle(PyObject* calls, PyObject* kind, std::size_t most) {
        return lineside::bindings::python::settle(*$self, calls, kind, most);
    }
}

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
