#include "wire/json_reader.hpp"

namespace lineside::wire {

object_reader::object_reader(const json_reader& reader, json_cursor& from, const place& at)
    : reader_(reader),
      from_(from),
      at_(at) {
    if (from_.next() != json_cursor::kind::object)
        refuse(at, "is not an object");
    begin_ = from_.position();
    more_ = from_.enter_object();
}

// False: there is no further member.
bool object_reader::take_name() {
    if (more_ && !std::exchange(named_, true))
        next_ = from_.take_name(room_);
    return more_;
}

void object_reader::pass() {
    passed_.push_back({std::string(next_), from_.position()});
    from_.skip();
    proceed();
}

object_reader::found object_reader::look_for(std::string_view name) {
    for (const auto& p : passed_)
        if (p.name == name) {
            before_ = p.value;
            return found::before;
        }
    while (take_name() && next_ != name)
        pass();
    return more_ ? found::next : found::nowhere;
}

void object_reader::finish() {
    while (take_name())
        pass();
    if (passed_.empty()) // then each had a name of its own: one that was asked for
        return;
    const auto here = from_.position();
    from_.go_to(begin_);
    from_.skip();
    from_.go_to(here);
    if (reader_.ignores_unknown())
        return;
    for (const auto& p : passed_)
        if (std::find(asked_.begin(), asked_.end(), p.name) == asked_.end())
            refuse({&at_, p.name}, "is not known");
}

} // namespace lineside::wire
