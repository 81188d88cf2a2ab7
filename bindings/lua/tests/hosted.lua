-- What tests/lua/host.c runs: it prepares a portal and defines `work`.

local lineside = require "lineside"

assert(swig_type == nil and swig_equals == nil, "SWIG's helpers are no globals of the script's")

local start = lineside.time("2026-03-01")
local range = {from = start, to = start + 7200000}

portal = lineside.open()
portal:create_account{id = "acme", name = "Acme", currency = "EUR"}
for i = 1, 8 do
  portal:create_payment{account = "acme", total = lineside.money(i, "EUR"), description = "payment " .. i}
end
column = nil

function work()
  local account = portal:get_account("acme")
  assert(account.id == "acme" and lineside.type(account) == "account")
  column = portal:series{account = "acme", metric = "attempts", step = "1h", zone = "UTC", range = range}.value
  assert(#column == 2 and column[1] == 0.0)
  local payments = portal:list_payments{account = "acme", limit = 8}
  assert(#payments.items == 8 and payments.items[1].total.currency == "EUR")
  local queue = lineside.queue()
  assert(portal:start("get_balance", "acme", queue) == queue:take()[1].tag)
  local found, failed = pcall(portal.get_account, portal, "nobody")
  assert(not found and (type(failed) == "string" or failed.code == "not_found"))
  local read, wrong = pcall(portal.query_calls, portal, {account = "acme", range = {from = start, to = {}}})
  assert(not read and (type(wrong) == "string" or wrong.field == "range.to"))
end
