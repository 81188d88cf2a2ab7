#include "cdr/reader.hpp"

#include <lineside/error.hpp>

#include "cdr/formats.hpp"

#include <utility>

namespace lineside::cdr {

std::unique_ptr<reader> make_reader(record_format format, reader_options options, sink& to) {
    switch (format) {
    case record_format::detect: break;
    case record_format::lineside: return make_lineside_reader(std::move(options), to);
    case record_format::asterisk: return make_asterisk_reader(std::move(options), to);
    case record_format::asterisk_custom: return make_asterisk_custom_reader(std::move(options), to);
    case record_format::freeswitch_csv: return make_freeswitch_csv_reader(std::move(options), to);
    case record_format::freeswitch_json: return make_freeswitch_json_reader(std::move(options), to);
    case record_format::kamailio: return make_kamailio_reader(std::move(options), to);
    case record_format::opensips: return make_opensips_reader(std::move(options), to);
    case record_format::yeti: return make_yeti_reader(std::move(options), to);
    case record_format::connexcs: return make_connexcs_reader(std::move(options), to);
    }
    throw error(errc::invalid_argument, options.name + ": the format of the call records is not known", "format");
}

} // namespace lineside::cdr
