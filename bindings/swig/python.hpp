#pragma once

#include "python_requests.hpp"

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

// What python.i stands on: the host's functions, the package's classes, and how every call is made.
namespace lineside::bindings::python {

// ---- what the core asks of Python, on whatever thread. Portals are closed before the interpreter ends, so nobody asks later.

/// A function of Python, or none.
class callback {
public:
    explicit callback(PyObject* function) : function_(Py_NewRef(function)) {}
    callback(const callback&) = delete;
    callback& operator=(const callback&) = delete;
    ~callback() {
        if (Py_IsInitialized() == 0)
            return;
        const auto state = PyGILState_Ensure();
        Py_DECREF(function_);
        PyGILState_Release(state);
    }

    explicit operator bool() const noexcept { return function_ != Py_None; }
    /// Whether `take` took what it gave for what `argument` makes, or for nothing. What is raised cannot reach anybody.
    template <class Argument, class Take>
    bool call(Argument argument, Take take) const noexcept {
        const auto state = PyGILState_Ensure();
        bool done = false;
        {
            const object given(argument());
            const object result(PyErr_Occurred() != nullptr ? nullptr
                                : given                     ? PyObject_CallOneArg(function_, given.get())
                                                            : PyObject_CallNoArgs(function_));
            done = result && take(result.get());
            if (!done)
                PyErr_WriteUnraisable(function_);
        }
        PyGILState_Release(state);
        return done;
    }
    template <class Take>
    bool call(Take take) const noexcept {
        return call([] { return static_cast<PyObject*>(nullptr); }, take);
    }

private:
    PyObject* function_;
};

class delivery_in_python final : public delivery {
public:
    delivery_in_python(PyObject* mailer, PyObject* texter, PyObject* clock)
        : mailer_(mailer),
          texter_(texter),
          clock_(clock) {}

    [[nodiscard]] bool mails() const override { return static_cast<bool>(mailer_); }
    [[nodiscard]] bool texts() const override { return static_cast<bool>(texter_); }
    int mail(const lineside_mail& m) noexcept override { return hand_over(mailer_, record::mail, &m); }
    int text(const lineside_text_message& m) noexcept override { return hand_over(texter_, record::text_message, &m); }
    [[nodiscard]] bool has_clock() const override { return static_cast<bool>(clock_); }
    /// The system's time where the clock raises.
    std::int64_t now() noexcept override {
        std::int64_t ms = 0;
        const auto take = [&](PyObject* time) {
            const object since(PyNumber_Subtract(time, registered().epoch));
            if (!since || !PyDelta_Check(since.get()))
                return false;
            ms = length_ms(since.get());
            return true;
        };
        using namespace std::chrono;
        return clock_.call(take) ? ms : duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
    }

private:
    static int hand_over(const callback& to, std::int16_t type, const void* value) noexcept {
        const auto message = [&] { return to_python(records[static_cast<std::size_t>(type)], value, nullptr); };
        return to.call(message, [](PyObject*) { return true; }) ? 0 : 1;
    }

    callback mailer_;
    callback texter_;
    callback clock_;
};

class asker_in_python final : public asker {
public:
    asker_in_python(PyObject* refresh, PyObject* traceparent) : refresh_(refresh), traceparent_(traceparent) {}

    [[nodiscard]] bool refreshes() const override { return static_cast<bool>(refresh_); }
    [[nodiscard]] bool traces() const override { return static_cast<bool>(traceparent_); }
    const char* token() noexcept override { return text_of(refresh_); }
    const char* traceparent() noexcept override { return text_of(traceparent_); }

private:
    static const char* text_of(const callback& of) noexcept {
        thread_local std::string kept;
        kept.clear();
        of.call([](PyObject* text) {
            if (text == Py_None)
                return true;
            if (!PyUnicode_Check(text)) {
                PyErr_Format(PyExc_TypeError, "a text or None is wanted, not %.100s", Py_TYPE(text)->tp_name);
                return false;
            }
            const char* utf8 = PyUnicode_AsUTF8(text);
            kept = utf8 == nullptr ? "" : utf8;
            return utf8 != nullptr;
        });
        return kept.c_str();
    }

    callback refresh_;
    callback traceparent_;
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

/// `records`: class by name, each with a slot for each member; `enumerations`: class by name.
inline bool bind(PyObject* classes, PyObject* constants, PyObject* money, PyObject* decimal, PyObject* range,
                 PyObject* failure, PyObject* epoch) {
    auto& to = registered();
    for (std::size_t i = 0; i < records.size(); ++i) {
        to.classes[i] = Py_XNewRef(PyDict_GetItemString(classes, records[i].name));
        to.names[i].clear();
        to.places[i].clear();
        for (const auto* m = records[i].first; m != records[i].last; ++m) {
            auto* name = to.names[i].emplace_back(PyUnicode_InternFromString(called(*m).c_str()));
            if (to.classes[i] == nullptr)
                continue;
            const object slot(name == nullptr ? nullptr : PyObject_GetAttr(to.classes[i], name));
            if (!slot || !PyObject_TypeCheck(slot.get(), &PyMemberDescr_Type))
                return false;
            to.places[i].push_back(reinterpret_cast<PyMemberDescrObject*>(slot.get())->d_member->offset);
        }
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
    std::optional<detail::closed> closed;
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
        closed = e;
    } catch (const std::exception& e) {
        kind = PyExc_OSError;
        wrong = e.what();
    }
    PyEval_RestoreThread(state);
    if (failed || closed) {
        const object exception(failed ? to_exception(*failed) : to_exception(*closed));
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
