#pragma once

#include "python_requests.hpp"

#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

// What python.i stands on: the host's functions, the package's classes, and how every call is made.
namespace lineside::bindings::python {

// ---- reaching people

/// Calls Python from whatever thread an engine asks on. Portals are closed before the interpreter ends, so nobody asks
/// later.
class delivery_in_python final : public delivery {
public:
    delivery_in_python(PyObject* mailer, PyObject* texter) : mailer_(Py_NewRef(mailer)), texter_(Py_NewRef(texter)) {}
    ~delivery_in_python() override {
        if (Py_IsInitialized() == 0)
            return;
        const auto state = PyGILState_Ensure();
        Py_DECREF(mailer_);
        Py_DECREF(texter_);
        PyGILState_Release(state);
    }

    [[nodiscard]] bool mails() const override { return mailer_ != Py_None; }
    [[nodiscard]] bool texts() const override { return texter_ != Py_None; }
    int mail(const lineside_mail& m) noexcept override { return hand_over(mailer_, record::mail, &m); }
    int text(const lineside_text_message& m) noexcept override { return hand_over(texter_, record::text_message, &m); }

private:
    static int hand_over(PyObject* to, std::int16_t type, const void* value) noexcept {
        const auto state = PyGILState_Ensure();
        bool done = false;
        {
            const object message(to_python(records[static_cast<std::size_t>(type)], value, nullptr));
            const object result(message ? PyObject_CallOneArg(to, message.get()) : nullptr);
            done = static_cast<bool>(result);
            if (!done)
                PyErr_WriteUnraisable(to);
        }
        PyGILState_Release(state);
        return done ? 0 : 1;
    }

    PyObject* mailer_;
    PyObject* texter_;
};

// ---- what the package registers

/// A member's name in Python: a timedelta needs no unit.
inline std::string called(const member& m) {
    std::string name = m.name;
    constexpr std::string_view unit = "_ms";
    if (m.says == meaning::length && name.size() > unit.size() &&
        name.compare(name.size() - unit.size(), unit.size(), unit) == 0)
        name.resize(name.size() - unit.size());
    return name;
}

/// `records`: class by name; `enumerations`: class by name.
inline bool bind(PyObject* classes, PyObject* constants, PyObject* money, PyObject* decimal, PyObject* range,
                 PyObject* failure, PyObject* epoch) {
    auto& to = registered();
    for (std::size_t i = 0; i < records.size(); ++i) {
        to.classes[i] = Py_XNewRef(PyDict_GetItemString(classes, records[i].name));
        to.names[i].clear();
        for (const auto* m = records[i].first; m != records[i].last; ++m)
            to.names[i].push_back(PyUnicode_InternFromString(called(*m).c_str()));
    }
    for (std::size_t i = 0; i < enumerations.size(); ++i) {
        auto* of = PyDict_GetItemString(constants, enumerations[i].name);
        const object all(of == nullptr ? nullptr : PySequence_List(of));
        to.values[i] = PyDict_New();
        if (!all || to.values[i] == nullptr)
            return false;
        to.constants[i].clear();
        for (Py_ssize_t k = 0; k < PyList_GET_SIZE(all.get()); ++k) {
            auto* constant = PyList_GET_ITEM(all.get(), k);
            to.constants[i].push_back(Py_NewRef(constant));
            const object value(PyLong_FromSsize_t(k + 1));
            const object name(PyObject_GetAttrString(constant, "name"));
            const object lower(name ? PyObject_CallMethod(name.get(), "lower", nullptr) : nullptr);
            if (!value || !lower || PyDict_SetDefault(to.values[i], lower.get(), value.get()) == nullptr ||
                PyDict_SetItem(to.values[i], constant, value.get()) != 0)
                return false;
        }
    }
    to.money = Py_NewRef(money);
    to.decimal = Py_NewRef(decimal);
    to.range = Py_NewRef(range);
    to.failure = Py_NewRef(failure);
    to.epoch = Py_NewRef(epoch);
    return true;
}

// ---- how every call is made

/// Runs `action` without the GIL; false: an exception is set.
template <class Action>
bool perform(Action&& action) {
    std::optional<abi::error> failed;
    std::string wrong;
    PyObject* kind = nullptr;
    bool closed = false;
    auto* state = PyEval_SaveThread();
    try {
        action();
    } catch (const abi::error& e) {
        failed = e;
    } catch (const std::bad_alloc&) {
        kind = PyExc_MemoryError;
    } catch (const std::invalid_argument& e) {
        kind = PyExc_ValueError;
        wrong = e.what();
    } catch (const detail::closed& e) {
        closed = true;
        wrong = e.what();
    } catch (const std::exception& e) {
        kind = PyExc_OSError;
        wrong = e.what();
    }
    PyEval_RestoreThread(state);
    if (failed || closed) {
        const object exception(failed ? to_exception(*failed) : to_exception(LINESIDE_UNAVAILABLE, wrong.c_str()));
        if (exception)
            PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(exception.get())), exception.get());
    } else if (kind != nullptr) {
        PyErr_SetString(kind, wrong.c_str());
    } else {
        return true;
    }
    return false;
}

} // namespace lineside::bindings::python
