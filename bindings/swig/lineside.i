// What every language wraps. A language's own file defines `perform`, and how these are converted: `const request &` and
// `std::shared_ptr<delivery>` to C, `answer` and `std::vector<event>` from C.

%include <std_string.i>
%include <stdint.i>
%include "errors.i"

%newobject lineside::bindings::open_engine;
%newobject lineside::bindings::open_asking_client;
%newobject lineside::bindings::open_client;
%newobject lineside::bindings::portal::as_whoever;
%newobject lineside::bindings::portal::open_watch;
%newobject lineside::bindings::portal::serve;

// Made by functions, not by the language.
%ignore lineside::bindings::queue::get;
%ignore lineside::bindings::watch::watch;
%ignore lineside::bindings::server::server;
%ignore lineside::bindings::portal::portal;

namespace lineside::bindings {
class request;
struct answer;
struct event;
class delivery;
class asker;
} // namespace lineside::bindings

%include "face.hpp"
