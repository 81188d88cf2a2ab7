-- chart: one metric over a day in the customer's own time zone, drawn as bars.
local lineside = require "lineside"

local line
do
  local portal <close> = lineside.open()
  portal:import_file(arg[1])
  local day = {from = "2026-03-10", to = "2026-03-11"}
  line = portal:series{account = "harbour", metric = "attempts", range = day, zone = "Europe/Kyiv"}
end

-- Columns are the library's own memory, and outlive the portal. Times are milliseconds since 1970, in UTC.
local most = math.max(table.unpack(line.value))
print(("%s per hour, %s"):format(line.unit, line.zone))
for i, value in ipairs(line.value) do
  local hour = lineside.format_time(line.time[i], line.offset_s[i]):sub(12, 16)
  print(("%s %s %.0f"):format(hour, ("#"):rep(math.floor(value / most * 40)), value))
end
