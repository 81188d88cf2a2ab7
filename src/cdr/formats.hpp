#pragma once

#include "cdr/reader.hpp"

#include <memory>

namespace lineside::cdr {

[[nodiscard]] std::unique_ptr<reader> make_lineside_reader(reader_options options, sink& to);
[[nodiscard]] std::unique_ptr<reader> make_asterisk_reader(reader_options options, sink& to);
[[nodiscard]] std::unique_ptr<reader> make_asterisk_custom_reader(reader_options options, sink& to);
[[nodiscard]] std::unique_ptr<reader> make_freeswitch_csv_reader(reader_options options, sink& to);
[[nodiscard]] std::unique_ptr<reader> make_freeswitch_json_reader(reader_options options, sink& to);
[[nodiscard]] std::unique_ptr<reader> make_kamailio_reader(reader_options options, sink& to);
[[nodiscard]] std::unique_ptr<reader> make_opensips_reader(reader_options options, sink& to);
[[nodiscard]] std::unique_ptr<reader> make_yeti_reader(reader_options options, sink& to);
[[nodiscard]] std::unique_ptr<reader> make_connexcs_reader(reader_options options, sink& to);

} // namespace lineside::cdr
