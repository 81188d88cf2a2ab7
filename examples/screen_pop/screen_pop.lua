-- screen_pop: a CRM follows a customer's live calls and opens the card of whoever rings.
local lineside = require "lineside"

local CARDS = {["441632960001"] = "Ann of Quay Ltd", ["441632960002"] = "Bob"}

local portal <close> = lineside.open()
portal:create_account{id = "harbour"}

--- What a switch tells of a call.
local function tell(kind, number)
  portal:report_call_events{events = {
    {kind = kind, source = "switch", call_id = number, at = lineside.time(), account = "harbour", cli = number},
  }}
end

-- First the whole, then what changes.
local live <close> = portal:watch{account = "harbour", topics = {"live_calls"}}
print(("%d calls"):format(#live:next().live_calls.calls))

for _, number in ipairs{"441632960001", "441632960002"} do
  tell("started", number)
  for _, call in ipairs(live:next().live_calls.calls) do
    print(("%s rings: %s"):format(call.cli, CARDS[call.cli]))
  end
  tell("ended", number)
  for _, ended in ipairs(live:next().live_calls.ended) do
    print(("%s hung up"):format(ended.call_id))
  end
end
