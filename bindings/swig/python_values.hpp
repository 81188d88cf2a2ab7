#pragma once

// Python.h comes before all else, and the others need it.
// clang-format off
#include <Python.h>
#include <datetime.h>
#include <structmember.h>
// clang-format on

#include "face.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

// Values of C as objects of Python, by the tables of records.hpp. What returns a PyObject* gives a new reference, or null with
// an exception set; everything here needs the GIL.
namespace lineside::bindings::python {

/// A reference of one's own. It must not outlive the interpreter, nor be let go without the GIL.
class object {
public:
    object() noexcept = default;
    explicit object(PyObject* owned) noexcept : owned_(owned) {}
    object(object&& other) noexcept : owned_(std::exchange(other.owned_, nullptr)) {}
    object& operator=(object&& other) noexcept {
        std::swap(owned_, other.owned_);
        return *this;
    }
    object(const object&) = delete;
    object& operator=(const object&) = delete;
    ~object() { Py_XDECREF(owned_); }

    explicit operator bool() const noexcept { return owned_ != nullptr; }
    [[nodiscard]] PyObject* get() const noexcept { return owned_; }
    [[nodiscard]] PyObject* release() noexcept { return std::exchange(owned_, nullptr); }

private:
    PyObject* owned_ = nullptr;
};

/// An exception of Python is set.
struct raised {};

inline PyObject* needed(PyObject* made) {
    if (made == nullptr)
        throw raised();
    return made;
}

/// What the package registered: its classes by record, its constants by enumeration. Never freed: it lasts as long as the
/// interpreter.
struct package {
    std::array<PyObject*, record::count> classes{};
    std::array<std::vector<PyObject*>, record::count> names;   ///< of members, interned
    std::array<std::vector<Py_ssize_t>, record::count> places; ///< of their slots within an object
    std::array<std::vector<PyObject*>, enumeration::count> constants;
    std::array<PyObject*, enumeration::count> values{}; ///< dict: constant, its text or its name -> int
    PyObject* money = nullptr;
    PyObject* decimal = nullptr;
    PyObject* range = nullptr;
    PyObject* failure = nullptr; ///< makes an exception of an error's members
    PyObject* epoch = nullptr;
};

inline package& registered() {
    static auto* one = new package;
    return *one;
}

// ---- times

constexpr std::int64_t second_ms = 1'000;
constexpr std::int64_t day_ms = 86'400 * second_ms;
constexpr std::int64_t least_time = -62'135'596'800 * second_ms;    // 0001-01-01
constexpr std::int64_t last_time = 253'402'300'800 * second_ms - 1; // 9999-12-31

/// Days since 1970 as a date: Howard Hinnant, chrono-compatible low-level date algorithms.
struct civil {
    int year;
    int month;
    int day;
};
constexpr civil civil_of(std::int64_t days) {
    days += 719'468;
    const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
    const auto of_era = days - era * 146'097;
    const auto year = (of_era - of_era / 1'460 + of_era / 36'524 - of_era / 146'096) / 365;
    const auto of_year = of_era - (365 * year + year / 4 - year / 100);
    const auto shifted = (5 * of_year + 2) / 153;
    const auto month = shifted < 10 ? shifted + 3 : shifted - 9;
    return {static_cast<int>(year + era * 400 + (month <= 2 ? 1 : 0)), static_cast<int>(month),
            static_cast<int>(of_year - (153 * shifted + 2) / 5 + 1)};
}

/// A datetime in UTC; what lies beyond its years is its first or last one.
inline PyObject* to_time(std::int64_t ms) {
    ms = std::clamp(ms, least_time, last_time);
    const auto days = ms >= 0 ? ms / day_ms : -((-ms + day_ms - 1) / day_ms);
    const auto left = ms - days * day_ms;
    const auto date = civil_of(days);
    const auto seconds = static_cast<int>(left / second_ms);
    return PyDateTimeAPI->DateTime_FromDateAndTime(date.year, date.month, date.day, seconds / 3'600, seconds / 60 % 60,
                                                   seconds % 60, static_cast<int>(left % second_ms) * 1'000,
                                                   PyDateTime_TimeZone_UTC, PyDateTimeAPI->DateTimeType);
}

inline PyObject* to_length(std::int64_t ms) {
    constexpr std::int64_t longest = 999'999'999 * day_ms;
    ms = std::clamp(ms, -longest, longest);
    const auto days = ms >= 0 ? ms / day_ms : -((-ms + day_ms - 1) / day_ms);
    const auto left = ms - days * day_ms;
    return PyDelta_FromDSU(static_cast<int>(days), static_cast<int>(left / second_ms),
                           static_cast<int>(left % second_ms) * 1'000);
}

inline std::int64_t length_ms(PyObject* delta) {
    return PyDateTime_DELTA_GET_DAYS(delta) * day_ms + PyDateTime_DELTA_GET_SECONDS(delta) * second_ms +
           PyDateTime_DELTA_GET_MICROSECONDS(delta) / 1'000;
}

// ---- columns

/// What a memoryview of a column looks at: it keeps the series alive.
struct column_object {
    PyObject ob_base;
    std::shared_ptr<const void>* owner;
    const void* data;
    Py_ssize_t size;
    Py_ssize_t item_size;
    const char* format;
};

inline int column_buffer(PyObject* self, Py_buffer* view, int flags) {
    auto* column = reinterpret_cast<column_object*>(self);
    if ((flags & PyBUF_WRITABLE) == PyBUF_WRITABLE) {
        view->obj = nullptr;
        PyErr_SetString(PyExc_BufferError, "a column is read-only");
        return -1;
    }
    static char none = 0; // an empty column needs an address, too
    view->obj = Py_NewRef(self);
    view->buf = column->data == nullptr ? &none : const_cast<void*>(column->data);
    view->len = column->size * column->item_size;
    view->readonly = 1;
    view->itemsize = column->item_size;
    view->format = (flags & PyBUF_FORMAT) != 0 ? const_cast<char*>(column->format) : nullptr;
    view->ndim = 1;
    view->shape = (flags & PyBUF_ND) != 0 ? &column->size : nullptr;
    view->strides = (flags & PyBUF_STRIDES) == PyBUF_STRIDES ? &column->item_size : nullptr;
    view->suboffsets = nullptr;
    view->internal = nullptr;
    return 0;
}

inline void column_free(PyObject* self) {
    auto* type = Py_TYPE(self);
    delete reinterpret_cast<column_object*>(self)->owner;
    type->tp_free(self);
    Py_DECREF(type);
}

inline PyTypeObject* column_type() {
    static PyTypeObject* type = [] {
        static PyType_Slot slots[] = {{Py_bf_getbuffer, reinterpret_cast<void*>(column_buffer)},
                                      {Py_tp_dealloc, reinterpret_cast<void*>(column_free)},
                                      {0, nullptr}};
        static PyType_Spec spec = {"lineside._core.Column", sizeof(column_object), 0,
                                   Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};
        return reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&spec));
    }();
    return type;
}

inline PyObject* to_column(const member& m, const void* data, std::size_t size,
                           const std::shared_ptr<const void>& owner) {
    auto* type = column_type();
    object made(needed(type == nullptr ? nullptr : type->tp_alloc(type, 0)));
    auto* column = reinterpret_cast<column_object*>(made.get());
    column->data = data;
    column->size = static_cast<Py_ssize_t>(size);
    switch (m.bits) {
    case width::i32: column->format = "i", column->item_size = 4; break;
    case width::u32: column->format = "I", column->item_size = 4; break;
    case width::f64: column->format = "d", column->item_size = 8; break;
    default: column->format = "q", column->item_size = 8; break;
    }
    column->owner = new std::shared_ptr<const void>(owner);
    return PyMemoryView_FromObject(made.get());
}

// ---- to Python

PyObject* to_python(const record_type& type, const void* value, const std::shared_ptr<const void>& owner);

inline PyObject* to_text(const char* text) {
    if (text == nullptr)
        return Py_NewRef(Py_None);
    return PyUnicode_DecodeUTF8(text, static_cast<Py_ssize_t>(std::strlen(text)), "replace");
}

inline PyObject* to_money(const lineside_money& amount) {
    char text[LINESIDE_MONEY_SIZE];
    if (auto* failure = lineside_money_format(&amount, text, sizeof text)) {
        lineside_error_free(failure);
        PyErr_SetString(PyExc_ValueError, "an amount of money is not one");
        return nullptr;
    }
    const object number(PyUnicode_FromString(text));
    const object decimal(number ? PyObject_CallOneArg(registered().decimal, number.get()) : nullptr);
    const object currency(to_text(amount.currency == nullptr ? "" : amount.currency));
    return decimal && currency
               ? PyObject_CallFunctionObjArgs(registered().money, decimal.get(), currency.get(), nullptr)
               : nullptr;
}

inline PyObject* to_constant(std::int16_t of, std::int32_t constant) {
    const auto& known = registered().constants[static_cast<std::size_t>(of)];
    if (constant == 0)
        return Py_NewRef(Py_None);
    if (constant < 0 || static_cast<std::size_t>(constant) > known.size()) {
        PyErr_Format(PyExc_ValueError, "%s has no constant %d", enumerations[static_cast<std::size_t>(of)].name,
                     constant);
        return nullptr;
    }
    return Py_NewRef(known[static_cast<std::size_t>(constant) - 1]);
}

inline PyObject* to_number(width bits, const void* at_number) {
    switch (bits) {
    case width::i32: return PyLong_FromLong(at<std::int32_t>(at_number, 0));
    case width::i64: return PyLong_FromLongLong(at<std::int64_t>(at_number, 0));
    case width::u16: return PyLong_FromLong(at<std::uint16_t>(at_number, 0));
    case width::u32: return PyLong_FromUnsignedLong(at<std::uint32_t>(at_number, 0));
    case width::u64: return PyLong_FromUnsignedLongLong(at<std::uint64_t>(at_number, 0));
    case width::f64: return PyFloat_FromDouble(at<double>(at_number, 0));
    case width::none: break;
    }
    return Py_NewRef(Py_None);
}

inline PyObject* to_range(const lineside_time_range& range) {
    const object start(to_time(range.from));
    const object end(to_time(range.to));
    return start && end ? PyObject_CallFunctionObjArgs(registered().range, start.get(), end.get(), nullptr) : nullptr;
}

/// One thing of a member: of texts and structures where its pointer is, of all else where it is itself.
inline PyObject* to_one(const member& m, const void* where, const std::shared_ptr<const void>& owner) {
    switch (m.says) {
    case meaning::text: return to_text(at<const char*>(where, 0));
    case meaning::truth: return PyBool_FromLong(at<std::int32_t>(where, 0));
    case meaning::number: return to_number(m.bits, where);
    case meaning::time: return to_time(at<std::int64_t>(where, 0));
    case meaning::length: return to_length(at<std::int64_t>(where, 0));
    case meaning::constant: return to_constant(m.of, at<std::int32_t>(where, 0));
    case meaning::money: return to_money(at<lineside_money>(where, 0));
    case meaning::range: return to_range(at<lineside_time_range>(where, 0));
    case meaning::record: return to_python(records[static_cast<std::size_t>(m.of)], where, owner);
    case meaning::bytes: break;
    }
    return Py_NewRef(Py_None);
}

inline PyObject* to_list(const member& m, const void* items, std::size_t count,
                         const std::shared_ptr<const void>& owner) {
    object all(PyTuple_New(static_cast<Py_ssize_t>(count)));
    if (!all)
        return nullptr;
    const auto* from = static_cast<const char*>(items);
    for (std::size_t i = 0; i < count; ++i) {
        const void* where = from + i * item_size(m);
        if (m.says == meaning::record)
            where = at<const void*>(where, 0);
        auto* one = to_one(m, where, owner);
        if (one == nullptr)
            return nullptr;
        PyTuple_SET_ITEM(all.get(), static_cast<Py_ssize_t>(i), one);
    }
    return all.release();
}

inline PyObject* to_member(const member& m, const void* structure, const std::shared_ptr<const void>& owner) {
    const auto* where = static_cast<const char*>(structure) + m.offset;
    if (m.held == holding::in_place && m.says == meaning::bytes)
        return PyBytes_FromStringAndSize(at<const char*>(where, 0),
                                         static_cast<Py_ssize_t>(at<std::size_t>(structure, m.count_offset)));
    if (m.held == holding::in_place)
        return to_one(m, where, owner);
    const auto* pointed = at<const void*>(where, 0);
    if (pointed == nullptr && (m.held == holding::pointed || m.unset))
        return Py_NewRef(Py_None);
    if (m.held == holding::pointed)
        return to_one(m, pointed, owner);
    const auto count = at<std::size_t>(structure, m.count_offset);
    if (m.held == holding::column && m.says == meaning::number)
        return to_column(m, pointed, count, owner);
    return to_list(m, pointed, count, owner);
}

/// An object of the class of the package, made without its `__init__`: the members of a frozen dataclass are its slots.
inline PyObject* to_python(const record_type& type, const void* value, const std::shared_ptr<const void>& owner) {
    const auto index = static_cast<std::size_t>(&type - records.data());
    auto* made_by = reinterpret_cast<PyTypeObject*>(registered().classes[index]);
    const auto& names = registered().names[index];
    const auto& places = registered().places[index];
    object made(made_by == nullptr ? PyTuple_New(static_cast<Py_ssize_t>(names.size()))
                                   : made_by->tp_alloc(made_by, 0));
    if (!made)
        return nullptr;
    Py_ssize_t i = 0;
    for (const auto* m = type.first; m != type.last; ++m, ++i) {
        object one(to_member(*m, value, owner));
        if (!one)
            return nullptr;
        if (made_by == nullptr)
            PyTuple_SET_ITEM(made.get(), i, one.release());
        else
            *reinterpret_cast<PyObject**>(reinterpret_cast<char*>(made.get()) + places[static_cast<std::size_t>(i)]) =
                one.release();
    }
    return made.release();
}

inline PyObject* to_python(const answer& from) {
    return from.type == nullptr ? Py_NewRef(Py_None) : to_python(*from.type, from.value.get(), from.value);
}

/// The exception that an error is, not raised.
inline PyObject* to_exception(const abi::error& e) {
    return PyObject_CallFunction(registered().failure, "iOsssiiss", e.code(), e.retryable() ? Py_True : Py_False,
                                 e.what(), e.field().c_str(), e.request_id().c_str(), e.http_status(), e.cause_code(),
                                 e.cause_category().c_str(), e.cause().c_str());
}

/// That of what was closed.
inline PyObject* to_exception(const detail::closed& e) {
    return PyObject_CallFunction(registered().failure, "iOsssiiss", LINESIDE_UNAVAILABLE, Py_True, e.what(), "", "", 0,
                                 0, "", "");
}

/// The exception that is set, no longer set.
inline PyObject* take_exception() {
    PyObject *type, *value, *trace;
    PyErr_Fetch(&type, &value, &trace);
    PyErr_NormalizeException(&type, &value, &trace);
    Py_XDECREF(type);
    Py_XDECREF(trace);
    return value == nullptr ? Py_NewRef(Py_None) : value;
}

/// What a call came to: an exception or None, and a value. What cannot be converted is the failure of its own call, and of
/// no other.
inline std::pair<object, object> outcome_of(const event& from) {
    object failed(from.failed ? to_exception(*from.failed) : Py_NewRef(Py_None));
    object value(from.reached ? to_time(*from.reached) : to_python(from.value));
    if (!failed || !value) {
        failed = object(take_exception());
        value = object(Py_NewRef(Py_None));
    }
    return {std::move(failed), std::move(value)};
}

/// (tag, kind, exception or None, value)
inline PyObject* to_python(const event& from) {
    auto [failed, value] = outcome_of(from);
    return Py_BuildValue("KiNN", static_cast<unsigned long long>(from.tag), from.kind, failed.release(),
                         value.release());
}

inline PyObject* to_python(const std::vector<event>& from) {
    object all(PyList_New(static_cast<Py_ssize_t>(from.size())));
    if (!all)
        return nullptr;
    for (std::size_t i = 0; i < from.size(); ++i) {
        auto* one = to_python(from[i]);
        if (one == nullptr)
            return nullptr;
        PyList_SET_ITEM(all.get(), static_cast<Py_ssize_t>(i), one);
    }
    return all.release();
}

} // namespace lineside::bindings::python
