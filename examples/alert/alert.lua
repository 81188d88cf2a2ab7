-- alert: two rules, on ASR and on the balance, and what is said when they fire.
local lineside = require "lineside"

local portal <close> = lineside.open()
portal:create_account{id = "harbour", currency = "EUR"}
portal:create_alert_rule{
  account = "harbour", title = "Calls fail", area = "asr", op = "<", threshold = 40, minimum_samples = 20,
}
portal:create_alert_rule{account = "harbour", title = "Credit runs out", area = "balance", op = "<", threshold = 5}
portal:create_payment{account = "harbour", total = lineside.money(20, "EUR"), status = "completed"}

-- Half an hour ago, forty calls, five of them answered, each for 4.00.
local minute = 60 * 1000
local start = lineside.time() - 30 * minute
local calls = {}
for i = 0, 39 do
  local call = {
    source = "switch", call_id = tostring(i), account_id = "harbour", start_time = start, end_time = start + minute,
    outcome = "busy",
  }
  if i % 8 == 0 then
    call.outcome, call.answer_time, call.duration_ms = "answered", start, minute
    call.charge = lineside.money(4, "EUR")
  end
  calls[#calls + 1] = call
end
portal:import_calls{calls = calls}
portal:run_due_work() -- a timer of the host, once a minute

local fired = portal:list_alert_events("harbour").items
table.sort(fired, function(one, other) return one.title < other.title end)
for _, event in ipairs(fired) do
  print(("%s: %s, %.2f"):format(event.title, event.area, event.value))
end
