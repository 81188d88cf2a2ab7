#pragma once

#include "python_values.hpp"

#include <cstdint>
#include <new>

// How a loop of asyncio learns what its calls came to: all that waits with one call from Python, and no object for each but the
// values themselves. Everything here needs the GIL.
namespace lineside::bindings::python {

/// The names of what is asked of a future.
struct future_names {
    PyObject* done = PyUnicode_InternFromString("done");
    PyObject* set_result = PyUnicode_InternFromString("set_result");
    PyObject* set_exception = PyUnicode_InternFromString("set_exception");
};

/// False: an exception is set. Whoever was cancelled is told nothing.
inline bool end_future(PyObject* future, const event& with) {
    static const future_names names;
    const object done(PyObject_CallMethodNoArgs(future, names.done));
    if (!done || done.get() == Py_True)
        return static_cast<bool>(done);
    const auto [failed, value] = outcome_of(with);
    const bool good = failed.get() == Py_None;
    const object told(PyObject_CallMethodOneArg(future, good ? names.set_result : names.set_exception,
                                                good ? value.get() : failed.get()));
    return static_cast<bool>(told);
}

/// Ends the futures of the calls whose answers wait, at most `most` of them; `calls` maps tags to them, and `kind` is their
/// type exactly. Gives what came for others as `take` does; null: an exception is set.
inline PyObject* settle(const queue& from, PyObject* calls, PyObject* kind, std::size_t most) {
    try {
        object others(PyList_New(0));
        if (!others)
            return nullptr;
        for (const auto& e : from.take(0, most)) {
            const object tag(PyLong_FromUnsignedLongLong(e.tag));
            auto* found = tag ? PyDict_GetItemWithError(calls, tag.get()) : nullptr;
            if (found == nullptr && PyErr_Occurred() != nullptr)
                return nullptr;
            if (found != nullptr && e.kind == LINESIDE_COMPLETION_ANSWER &&
                reinterpret_cast<PyObject*>(Py_TYPE(found)) == kind) {
                const object future(Py_NewRef(found));
                if (PyDict_DelItem(calls, tag.get()) != 0 || !end_future(future.get(), e))
                    PyErr_WriteUnraisable(future.get()); // the others must not wait for ever
                continue;
            }
            const object other(to_python(e));
            if (!other || PyList_Append(others.get(), other.get()) != 0)
                return nullptr;
        }
        return others.release();
    } catch (const std::bad_alloc&) {
        return PyErr_NoMemory();
    }
}

} // namespace lineside::bindings::python
