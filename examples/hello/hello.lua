-- hello: a portal in this process, a day of call records, and how many of them were answered.
local lineside = require "lineside"

local portal <close> = lineside.open()
local report = portal:import_file(arg[1])
print(("%d calls"):format(report.imported))

local range = {from = "2026-03-10", to = "2026-03-11"}
local day = portal:summary{account = "harbour", period = "daily", range = range}.rows[1]
print(("%d answered: ASR %.2f %%, ACD %.2f s"):format(day.answered, day.asr, day.acd_s))
