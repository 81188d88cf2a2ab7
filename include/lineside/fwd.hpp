#pragma once

namespace lineside {

class portal;
class engine;
struct engine_options;
struct account;
struct call;
struct series;
struct summary;
struct explanation;
struct import_report;

} // namespace lineside
