-- Requests and answers are ordinary Lua, exact, and a request that is none says which member is wrong.

local check = require "check"
local lineside = require "lineside"

local claim, equal, holds, refused = check.claim, check.equal, check.holds, check.refused

claim("what is sent comes back", function()
  local portal <close> = lineside.open()
  portal:create_account{id = "acme", currency = "EUR"}
  local sent = check.calls(4)
  portal:import_calls{calls = sent}
  local items = portal:query_calls("acme").items
  for i, was in ipairs(sent) do
    for name, value in pairs(was) do
      equal({name, items[i][name]}, {name, value})
    end
  end
  equal(items[4].answer_time, nil)
  equal(lineside.type(items[1]), "call")
  equal(lineside.type(items[1].charge), "money")
end)

claim("money is exact", function()
  local portal <close> = lineside.open()
  portal:create_account{id = "acme", currency = "EUR"}
  for _, amount in ipairs{"0.000000001", "123456789012.123456789", "-0.50", "999999999999999.123456789"} do
    local paid = portal:create_payment{account = "acme", total = {amount = amount, currency = "EUR"}}
    equal(paid.total.amount, amount)
    equal(tostring(paid.total), amount .. " EUR")
    holds(paid.total == lineside.money(amount, "EUR") and paid.total ~= lineside.money(amount, "USD"))
  end
  equal(portal:create_payment{account = "acme", total = {amount = 7, currency = "EUR"}}.total.amount, "7.00")
  local function pay(total)
    portal:create_payment{account = "acme", total = total}
  end
  refused("invalid_argument", "total.amount", pay, {amount = 0.1, currency = "EUR"})
  refused("invalid_argument", "total.amount", pay, {amount = "1,5", currency = "EUR"})
  refused("invalid_argument", "total.currency", pay, {amount = "1", currency = 978})
  refused("invalid_argument", "total.cents", pay, {amount = "1", cents = 5})
  refused("invalid_argument", "total", pay, "1 EUR")
  refused("invalid_argument", "amount", lineside.money, 0.1, "EUR")
end)

claim("integers are exact, and keep to their range", function()
  local portal <close> = lineside.open()
  portal:create_account{id = "acme"}
  local last, call = lineside.time("2026-03-01"), check.calls(1)[1]
  call.duration_ms = (1 << 53) + 1
  local ok, wrong = pcall(portal.import_calls, portal, {calls = {call}})
  holds(ok or wrong.field:find("duration"), tostring(wrong))
  local queue = lineside.queue()
  local tag = portal:start("get_account", "acme", queue)
  equal(math.type(queue:take()[1].tag), "integer")
  holds(tag > 0)
  equal(portal:query_calls{account = "acme", limit = 5.0}.next, "")
  local function ask(name, value)
    portal:query_calls{account = "acme", [name] = value}
  end
  refused("invalid_argument", "limit", ask, "limit", 1 << 32)
  refused("invalid_argument", "limit", ask, "limit", -1)
  refused("invalid_argument", "limit", ask, "limit", 1.5)
  refused("invalid_argument", "limit", ask, "limit", "5")
  refused("invalid_argument", "limit", ask, "limit", 0 / 0)
  refused("invalid_argument", "storage.cache_bytes", lineside.open, nil, {storage = {cache_bytes = -1}})
  equal(last, 1772323200000)
  equal(lineside.time("1970-01-01T00:00:00.001Z"), 1)
  equal(lineside.time("2026-03-01T02:00+02:00"), last)
  equal(lineside.format_time(last + 5), "2026-03-01T00:00:00.005Z")
  equal(lineside.format_time(last, 3600), "2026-03-01T01:00:00.000+01:00")
  holds(math.abs(lineside.time() / 1000 - os.time()) < 5)
  refused("invalid_argument", nil, lineside.time, "yesterday")
end)

claim("texts are UTF-8 of any script, and have no zero bytes", function()
  local portal <close> = lineside.open()
  for _, name in ipairs{"Zoë", "Пристань", "波止場", "☎ 🚢", "a'b\"c\\d"} do
    portal:create_account{id = "a" .. #portal:list_accounts().items, name = name}
    equal(portal:list_accounts().items[#portal:list_accounts().items].name, name)
  end
  refused("invalid_argument", "name", portal.create_account, portal, {id = "x", name = "a\0b"})
  refused("invalid_argument", nil, portal.create_account, portal, {id = "x", name = "\xff\xfe"})
  refused("invalid_argument", "account", portal.get_account, portal, "a\0")
end)

claim("bytes are any bytes", function()
  local portal <close> = lineside.open()
  local report = portal:import_records{
    data = "call_id,account_id,start_time\n1,acme,2026-03-01T00:00:00Z\n\0\xff\n", format = "lineside",
  }
  equal({report.imported, report.rejected}, {1, 1})
end)

claim("a wrong member is named, however deep it lies", function()
  local portal <close> = check.near()
  local function ask(operation, request)
    return function() portal[operation](portal, request) end
  end
  for _, one in ipairs{
    {"get_account", {acount = "acme"}, "acount"},
    {"get_account", 5, "account"},
    {"get_balance", true, "account"},
    {"get_balance", {account = 5}, "account"},
    {"get_balance", {"acme"}, "1"},
    {"import_calls", {calls = "all"}, "calls"},
    {"import_calls", {calls = {{}, {cli = 5}}}, "calls[2].cli"},
    {"import_calls", {calls = {{}, "call"}}, "calls[2]"},
    {"import_calls", {calls = {{charge = {amount = true}}}}, "calls[1].charge.amount"},
    {"import_calls", {calls = {first = {}}}, "calls"},
    {"import_calls", {calls = {nil, {}}}, "calls"},
    {"query_series", {metric = "assr"}, "metric"},
    {"query_series", {range = {check.START, check.START}}, "range.from"},
    {"query_series", {range = {from = check.START, to = check.START, till = 1}}, "range.till"},
    {"query_series", {range = {from = "2026-03-01", to = "soon"}}, "range.to"},
    {"query_series", {step = 3600}, "step"},
    {"create_contact", {account = "acme", grants = {"view_calls", "fly"}}, "grants[2]"},
    {"create_contact", {account = "acme", allowed_ips = {"127.0.0.1", 5}}, "allowed_ips[2]"},
    {"compare_calls", {tolerance = {start_ms = "a lot"}}, "tolerance.start_ms"},
    {"compare_calls", {ours = {records = {data = {}}}}, "ours.records.data"},
    {"update_account", {account = "acme", no_channel_limit = 1}, "no_channel_limit"},
    {"create_alert_rule", {account = "acme", threshold = "low"}, "threshold"},
    {"who_am_i", "me", "identity_query"},
  } do
    local failed = refused("invalid_argument", one[3], ask(one[1], one[2]))
    holds(failed.message:find(one[3], 1, true), failed.message)
  end
  for option, value in pairs{timeout = 5, timeout_ms = 0.5, idempotency_key = 5, if_match = true} do
    refused("invalid_argument", option, portal.get_account, portal, "acme", {[option] = value})
  end
  equal(portal:get_account("acme", {timeout_ms = 60000.0}).id, "acme")
  refused("invalid_argument", "timeout_ms", lineside.queue().take, lineside.queue(), "5")
  refused("invalid_argument", "operation", portal.start, portal, "no_such", {}, lineside.queue())
  holds(not pcall(portal.no_such, portal))
end)

claim("what is unset is nil, and an empty list is a list", function()
  local portal <close> = check.near()
  local limited = portal:create_contact{
    account = "acme", name = "A", email = "a@example.com", allowed_ips = {"10.0.0.1"},
  }
  equal(limited.allowed_ips, {"10.0.0.1"})
  local same = portal:update_contact{account = "acme", contact = limited.id, status = "active"}
  equal(same.allowed_ips, {"10.0.0.1"})
  equal(portal:update_contact{account = "acme", contact = limited.id, allowed_ips = {}}.allowed_ips, {})
  equal(portal:get_account("acme").channel_limit, 30)
  equal(portal:update_account{account = "acme", no_channel_limit = true}.channel_limit, nil)
end)

claim("a constant is its text, and may be written as its name", function()
  local portal <close> = check.near()
  local function step(text)
    return portal:series{account = "acme", range = check.DAY, step = text}.step
  end
  equal({step("day"), step("1d"), step(nil)}, {"1d", "1d", "1h"})
  equal(lineside.constants.time_step, {"1m", "5m", "1h", "1d", "1w", "1mo"})
  local core = require "lineside.core"
  for name, texts in pairs(lineside.constants) do
    local named = core.constant_name(name, 1) ~= ""
    for i, text in ipairs(texts) do
      holds(not named or core.constant_name(name, i) == text, name)
    end
    equal(core.constant_name(name, #texts + 1), "")
  end
end)

claim("a value is sent as it came, if it still is as it was seen", function()
  local portal <close> = check.near()
  local rule = portal:create_alert_rule{account = "acme", title = "ASR", area = "asr", op = "<", threshold = 40}
  local seen = lineside.revision(rule)
  rule.op, rule.threshold = "<=", 41.5
  local changed = portal:update_alert_rule(rule, {if_match = seen})
  equal({changed.op, changed.threshold}, {"<=", 41.5})
  refused("precondition_failed", nil, portal.update_alert_rule, portal, rule, {if_match = seen})
  equal(portal:update_alert_rule(rule, {if_match = changed}), changed)
  refused("invalid_argument", nil, lineside.revision, {id = "no value"})
  refused("invalid_argument", nil, lineside.revision, portal:get_balance("acme"))
end)

claim("a column is read by index, by length and by ipairs, and by nothing else", function()
  local portal <close> = check.near()
  local series = portal:series{account = "acme", metric = "charge", step = "1h", zone = "UTC", range = check.DAY}
  equal({#series.time, #series.value, series.size}, {24, 24, 24})
  equal(series.time[1], check.START)
  equal(math.type(series.time[1]) .. math.type(series.value[1]) .. math.type(series.offset_s[1]), "integerfloatinteger")
  equal({series.time[0], series.time[25], series.time.size, series.time[1.5]}, {})
  equal(series.amount[1], lineside.money("2.25", "EUR"))
  local sum = 0
  for i, value in ipairs(series.value) do
    sum = sum + value
    equal(series.value[i], value)
  end
  equal(("%.2f"):format(sum), "4.50")
  equal(table.move(series.open_calls, 1, 3, 1, {}), {0, 0, 0})
  holds(not pcall(function() series.value[1] = 0 end))
  local asr = portal:series{account = "acme", metric = "asr", step = "1h", zone = "UTC", range = check.DAY}
  equal(asr.amount, nil)
  holds(asr.value[24] ~= asr.value[24] and asr.denominator[24] == 0) -- nothing to measure
end)

check.run(...)
