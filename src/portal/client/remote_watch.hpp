#pragma once

#include "portal/client/client_core.hpp"

#include <memory>

namespace lineside {

/// A watch at a server, over a web socket of its own that is opened with the first read and again whenever it is lost.
[[nodiscard]] std::shared_ptr<watch> watch_remote(std::shared_ptr<client_core> core, remote_asker who,
                                                  watch_request request);

} // namespace lineside
