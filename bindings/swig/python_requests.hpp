#pragma once

#include "python_values.hpp"
#include "requests.hpp"

#include <climits>
#include <cstring>
#include <new>
#include <string_view>

// Objects of Python as requests in C, by the tables of records.hpp. Everything here needs the GIL.
namespace lineside::bindings::python {

/// A request made of (its record's name, its members ...), or of "text" and a text. It owns all it points to, but for
/// bytes: those last as long as their object does.
class request_in_python final : public request_reader<request_in_python, PyObject*> {
public:
    /// False: an exception is set.
    bool read(PyObject* from) {
        try {
            read_request(from);
            return true;
        } catch (const raised&) {
        } catch (const std::bad_alloc&) {
            PyErr_NoMemory();
        }
        return false;
    }

private:
    friend request_reader<request_in_python, PyObject*>;

    static bool is_unset(PyObject* from) { return from == Py_None; }

    [[noreturn]] static void refuse(const member& m, const char* expected, PyObject* got) {
        PyErr_Format(PyExc_TypeError, "%s is %s, not %.100s", m.name, expected, Py_TYPE(got)->tp_name);
        throw raised();
    }

    void read_request(PyObject* from) {
        if (from == Py_None)
            return;
        if (!PyTuple_Check(from) || PyTuple_GET_SIZE(from) < 1 || !PyUnicode_Check(PyTuple_GET_ITEM(from, 0))) {
            PyErr_SetString(PyExc_TypeError, "a request begins with the name of its type");
            throw raised();
        }
        const auto* name = PyUnicode_AsUTF8(PyTuple_GET_ITEM(from, 0));
        if (name == nullptr)
            throw raised();
        const auto given = PyTuple_GET_SIZE(from) - 1;
        if (std::strcmp(name, "text") == 0 && given == 1) {
            made_ = text_of(account_text, PyTuple_GET_ITEM(from, 1));
            return;
        }
        type_ = find_record(name);
        if (type_ == nullptr || given != type_->last - type_->first) {
            PyErr_Format(PyExc_TypeError, "%s takes other members", name);
            throw raised();
        }
        auto* to = start(*type_);
        for (Py_ssize_t i = 0; i < given; ++i)
            read_member(type_->first[i], PyTuple_GET_ITEM(from, i + 1), to);
        made_ = to;
    }

    /// An object of the package's class.
    const void* record_of(const member& m, PyObject* from) {
        const auto index = static_cast<std::size_t>(m.of);
        const auto& type = records[index];
        auto* expected = registered().classes[index];
        const int fits = expected == nullptr ? 0 : PyObject_IsInstance(from, expected);
        if (fits < 0)
            throw raised();
        if (fits == 0)
            refuse(m, expected == nullptr ? "nothing" : reinterpret_cast<PyTypeObject*>(expected)->tp_name, from);
        auto* to = start(type);
        for (const auto* inner = type.first; inner != type.last; ++inner) {
            const object value(needed(PyObject_GetAttr(from, registered().names[index][inner - type.first])));
            read_member(*inner, value.get(), to);
        }
        return to;
    }

    std::size_t list_of(const member& m, PyObject* from, void* where) {
        if (PyUnicode_Check(from))
            refuse(m, "a sequence", from); // and not of its characters
        const object all(PySequence_Fast(from, ""));
        if (!all) {
            if (PyErr_ExceptionMatches(PyExc_TypeError))
                refuse(m, "a sequence", from);
            throw raised();
        }
        return read_items(m, static_cast<std::size_t>(PySequence_Fast_GET_SIZE(all.get())), where, [&](std::size_t i) {
            return PySequence_Fast_GET_ITEM(all.get(), static_cast<Py_ssize_t>(i));
        });
    }

    static std::string_view bytes_of(const member& m, PyObject* from) {
        if (!PyBytes_Check(from))
            refuse(m, "bytes", from);
        return {PyBytes_AS_STRING(from), static_cast<std::size_t>(PyBytes_GET_SIZE(from))};
    }

    const char* text_of(const member& m, PyObject* from) {
        object path;
        if (!PyUnicode_Check(from)) {
            path = object(PyOS_FSPath(from));
            if (!path || !PyUnicode_Check(path.get())) {
                PyErr_Clear();
                refuse(m, "a text", from);
            }
            from = path.get();
        }
        Py_ssize_t size = 0;
        const char* text = PyUnicode_AsUTF8AndSize(from, &size);
        if (text == nullptr)
            throw raised();
        if (std::strlen(text) != static_cast<std::size_t>(size)) {
            PyErr_Format(PyExc_ValueError, "%s has a zero byte in it", m.name);
            throw raised();
        }
        auto* copy = static_cast<char*>(room(static_cast<std::size_t>(size) + 1));
        std::memcpy(copy, text, static_cast<std::size_t>(size) + 1);
        return copy;
    }

    static bool truth_of(const member& m, PyObject* from) {
        if (!PyBool_Check(from))
            refuse(m, "True or False", from);
        return from == Py_True;
    }

    static double real_of(const member& m, PyObject* from) {
        const double number = PyFloat_AsDouble(from);
        if (number == -1.0 && PyErr_Occurred() != nullptr) {
            if (PyErr_ExceptionMatches(PyExc_TypeError))
                refuse(m, "a number", from);
            throw raised();
        }
        return number;
    }
    static object index_of(const member& m, PyObject* from) {
        object index(PyNumber_Index(from));
        if (!index)
            refuse(m, "a whole number", from);
        return index;
    }
    static std::uint64_t unsigned_of(const member& m, PyObject* from) {
        const auto number = PyLong_AsUnsignedLongLong(index_of(m, from).get());
        if (number == ULLONG_MAX && PyErr_Occurred() != nullptr)
            out_of_range(m, from);
        return number;
    }
    static std::int64_t whole_of(const member& m, PyObject* from) {
        const auto number = PyLong_AsLongLong(index_of(m, from).get());
        if (number == -1 && PyErr_Occurred() != nullptr)
            out_of_range(m, from);
        return number;
    }
    [[noreturn]] static void out_of_range(const member& m, PyObject* from) {
        PyErr_Format(PyExc_ValueError, "%s is out of range: %R", m.name, from);
        throw raised();
    }

    static std::int64_t time_of(const member& m, PyObject* from) {
        if (!PyDateTime_Check(from))
            refuse(m, "a datetime", from);
        if (PyDateTime_DATE_GET_TZINFO(from) == Py_None) {
            PyErr_Format(PyExc_ValueError, "%s has no time zone: %R", m.name, from);
            throw raised();
        }
        const object since(needed(PyNumber_Subtract(from, registered().epoch)));
        return length_ms(since.get());
    }

    static std::int64_t length_of(const member& m, PyObject* from) {
        if (!PyDelta_Check(from))
            refuse(m, "a timedelta", from);
        return length_ms(from);
    }

    static std::int32_t constant_of(const member& m, PyObject* from) {
        const auto of = static_cast<std::size_t>(m.of);
        if (!PyUnicode_Check(from))
            refuse(m, "a constant or its text", from);
        auto* value = PyDict_GetItemWithError(registered().values[of], from);
        if (value == nullptr) {
            if (PyErr_Occurred() == nullptr)
                PyErr_Format(PyExc_ValueError, "%s: there is no %s %R", m.name, enumerations[of].name, from);
            throw raised();
        }
        return static_cast<std::int32_t>(PyLong_AsLong(value));
    }

    lineside_money money_of(const member& m, PyObject* from) {
        const int fits = PyObject_IsInstance(from, registered().money);
        if (fits < 0)
            throw raised();
        if (fits == 0)
            refuse(m, "Money", from);
        const object amount(needed(PyObject_GetAttrString(from, "amount")));
        const object currency(needed(PyObject_GetAttrString(from, "currency")));
        const object plain(needed(PyUnicode_FromString("f")));
        const object digits(needed(PyObject_Format(amount.get(), plain.get())));
        lineside_money to{};
        if (auto* failure = lineside_money_parse(text_of(m, digits.get()), &to.units, &to.nanos)) {
            PyErr_Format(PyExc_ValueError, "%s: %s", m.name, failure->message);
            lineside_error_free(failure);
            throw raised();
        }
        to.currency = text_of(m, currency.get());
        return to;
    }

    static lineside_time_range range_of(const member& m, PyObject* from) {
        const object both(PySequence_Fast(from, ""));
        if (!both || PySequence_Fast_GET_SIZE(both.get()) != 2) {
            PyErr_Clear();
            refuse(m, "a TimeRange or a pair of datetimes", from);
        }
        return {time_of(m, PySequence_Fast_GET_ITEM(both.get(), 0)),
                time_of(m, PySequence_Fast_GET_ITEM(both.get(), 1))};
    }
};

} // namespace lineside::bindings::python
