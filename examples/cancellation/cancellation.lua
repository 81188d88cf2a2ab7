-- cancellation: many questions at once, an import that is stopped in the middle, and one that goes on from there.
local lineside = require "lineside"

-- A transaction each, so that there is a middle.
local portal <close> = lineside.open(nil, {storage = {import_batch_calls = 50}})

-- Functions of the program's own hear how far it is. What they raise stops the call after the transaction it is in.
local function stop(progress)
  if progress.rows > 0 then
    error("cancelled", 0)
  end
end
print(select(2, pcall(portal.import_file, portal, arg[1], {}, {on_progress = stop})))

-- The same file again: what is stored is recognised, the rest is added.
local rest = portal:import_file(arg[1])
print(("%d rows, none twice"):format(rest.imported + rest.duplicates))

-- All questions are under way together. They complete into a queue, whose descriptor an event loop may watch.
local queue = lineside.queue()
local day = {from = "2026-03-10", to = "2026-03-11"}
local waiting = 0
for _, metric in ipairs{"asr", "acd", "attempts"} do
  portal:start("query_series", {account = "harbour", metric = metric, range = day, step = "day"}, queue)
  waiting = waiting + 1
end
local answers = {}
while #answers < waiting do
  for _, event in ipairs(queue:take()) do
    answers[#answers + 1] = event.value or error(event.error)
  end
end
print(("%d answers"):format(#answers))
