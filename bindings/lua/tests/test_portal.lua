-- The same program, near and far.

local check = require "check"
local lineside = require "lineside"

local claim, equal, holds, refused = check.claim, check.equal, check.holds, check.refused

--- What a portal says that has two hours of calls, as far as it does not depend on the clock.
local function a_days_work(portal)
  local said = {}
  local function say(...)
    said[#said + 1] = table.pack(...)
  end
  local account = portal:get_account("acme")
  say(account.id, account.currency, account.channel_limit, account.status)
  for call in portal:calls{account = "acme", limit = 50, order = "newest_first"} do
    say(call.call_id, call.charge, call.answer_time)
  end
  local series = portal:series{
    account = "acme", metric = "asr", step = "1h", zone = "UTC",
    range = {from = check.START, to = check.START + 2 * check.HOUR},
  }
  say(series.unit, table.unpack(series.value))
  say(table.unpack(series.numerator))
  local day = {account = "acme", period = "daily", range = check.DAY}
  for _, row in ipairs(portal:summary(day).rows) do
    say(row.start, row.attempts, row.asr, row.charge)
  end
  say(portal:statistics{summary = day, column = "answered"}.sum)
  say(portal:explain{account = "acme", metric = "asr", range = check.DAY, limit = 1}.policy)
  local block = portal:add_block{account = "acme", request_id = "once"}
  say(block.id, portal:add_block{account = "acme", request_id = "once"}.created_at == block.created_at)
  local extension = portal:claim_extension("acme")
  say(extension.number, portal:get_number_owner{account = "acme", number = extension.number}.state)
  local rule = portal:create_alert_rule{
    account = "acme", title = "low ASR", area = "asr", op = "<", threshold = 50, sample_period = 1800000,
  }
  say(rule.op, rule.sample_period, rule.enabled, rule.quiet)
  local contact = portal:create_contact{account = "acme", name = "Zoë ☎", email = "a@example.com"}
  local layout = portal:get_layout{account = "acme", contact = contact.id}
  local seen = lineside.revision(layout)
  layout.widgets = {layout.widgets[1]}
  local changed = portal:set_layout(layout, {if_match = seen})
  say(contact.name, #changed.widgets, changed.customised)
  for _, wrong in ipairs{
    function() portal:get_account("nobody") end,
    function() portal:create_account{id = "acme"} end,
    function() portal:query_calls{account = "acme", limit = 100000} end,
    function() portal:set_layout(layout, {if_match = seen}) end,
  } do
    local _, failed = pcall(wrong)
    say(failed.code, failed.field, failed.message)
  end
  return said
end

claim("near and far say the same", function()
  local near <close> = check.near()
  local running <close> = check.running()
  local far, server, engine = running.far, running.server, running.engine
  local said = a_days_work(near)
  equal(a_days_work(far), said)
  holds(#said > 130)
  equal(engine:get_account("acme").id, "acme")
  equal(server:admin_port(), 0)
end)

claim("every operation of the C library is a method of its name, and nothing else is one", function(project)
  local here, there = {}, {}
  for line in io.lines(project .. "/capi/src/operations.def") do
    local name = line:match("^LINESIDE_C_OPERATION%((%w[%w_]*),") or line:match("^LINESIDE_C_COMMAND%((%w[%w_]*),")
    if name and name ~= "operation" then
      there[name] = true
    end
  end
  for name in pairs(lineside.operations) do
    here[name] = name ~= "send" or nil -- what no operation asks
  end
  equal(here, there)
  local portal <close> = lineside.open()
  for name in pairs(there) do
    equal(type(portal[name]), "function")
  end
  holds(next(there) and there.compare_calls and there.get_account)
end)

claim("a list is gone through page by page", function()
  local portal <close> = check.near()
  local seen = {}
  for call in portal:calls{account = "acme", limit = 7} do
    seen[#seen + 1] = call.call_id
  end
  equal({#seen, seen[1], seen[120]}, {120, "c0", "c119"})
  local none = 0
  for _ in portal:payments("acme") do
    none = none + 1
  end
  equal(none, 0)
  local page = portal:query_calls{account = "acme", limit = 7}
  holds(#page.items == 7 and page.next ~= "")
end)

claim("every code is raised as itself", function(_, folder)
  local portal <close> = check.near{live = {most_watches = 1}, outbox = true}
  local seen = {}
  local function raised(code, work, ...)
    local failed = refused(code, nil, work, ...)
    holds(failed.message ~= "" and type(failed.retryable) == "boolean" and tostring(failed):find(code, 1, true) == 1)
    seen[code] = true
    return failed
  end
  raised("invalid_argument", portal.query_calls, portal, {account = "acme", cursor = "?"})
  raised("unauthenticated", function() portal:as("lsk_no_such"):get_account("acme") end)
  local signs_in = {email = "v@example.com", password = "correct horse battery"}
  portal:create_contact{
    account = "acme", name = "V", role = "viewer", email = signs_in.email, password = signs_in.password,
  }
  local viewer = portal:signed_in(signs_in)
  raised("permission_denied", viewer.create_account, viewer, {id = "x"})
  raised("not_found", portal.get_account, portal, "nobody")
  raised("conflict", portal.create_account, portal, {id = "acme"})
  local other_seen = {if_match = ("A"):rep(22)}
  raised("precondition_failed", portal.update_account, portal, {account = "acme", name = "x"}, other_seen)
  local watch <close> = portal:watch{account = "acme", topics = {"alerts"}}
  watch:next()
  raised("timed_out", watch.next, watch, 1)
  raised("exhausted", function()
    local second <close> = portal:watch{account = "acme", topics = {"alerts"}}
    second:next()
  end)
  local queue = lineside.queue()
  equal(queue:cancel(watch:start(queue)), 1)
  raised("cancelled", function() error(queue:take()[1].error, 0) end)
  local file <close> = assert(io.open(folder .. "/no.db", "w"))
  file:write(("no database"):rep(1000))
  file:flush()
  raised("storage", lineside.open, folder .. "/no.db")

  -- A server that is none of Lineside's: it answers, and with something else.
  for _, part in ipairs{"/v1", "/v1/accounts"} do
    os.execute("mkdir -p '" .. folder .. "/web" .. part .. "'")
  end
  local page <close> = assert(io.open(folder .. "/web/v1/accounts/acme", "w"))
  page:write("<html>hello</html>")
  page:flush()
  local server <close> = portal:serve{web_directory = folder}
  local stranger <close> = lineside.connect(server:url() .. "/web", {token = check.TOKEN})
  local other <close> = lineside.connect(server:url(), {token = check.TOKEN})
  equal(raised("unauthenticated", other.who_am_i, other).http_status, 401)
  raised("protocol", stranger.get_account, stranger, "acme")
  server:close()
  portal:close()
  equal(raised("unavailable", portal.get_account, portal, "acme").retryable, true)
  raised("unavailable", viewer.get_account, viewer, "acme")

  local missing = {}
  for code = 1, 100 do
    local name = require "lineside.core".code_name(code)
    if name ~= "" and not seen[name] then
      missing[#missing + 1] = name
    end
  end
  equal(missing, {"internal"}) -- which is a defect
end)

claim("errors of a server have its status and request", function()
  local running <close> = check.running()
  local far, server, engine = running.far, running.server, running.engine
  local failed = refused("not_found", nil, far.get_account, far, "nobody")
  equal(failed.http_status, 404)
  holds(tostring(failed):find(failed.request_id, 1, true))
  server:close()
  equal(refused("unavailable", nil, far.get_account, far, "acme").retryable, true)
  equal(engine:get_account("acme").id, "acme")
end)

claim("the reason of a refused number is its cause", function()
  local portal <close> = check.near()
  portal:add_block("acme")
  portal:create_account{id = "other"}
  portal:claim_extension{account = "acme", number = "1000"}
  local failed = refused("conflict", nil, portal.claim_extension, portal, {account = "other", number = "1000"})
  equal(failed.cause_category, "lineside.numbers")
  holds(lineside.constants.number_refusal[failed.cause_code] == failed.cause, failed.cause)
end)

claim("an answer that was given is given again", function()
  local portal <close> = check.near()
  local request, once = {account = "acme", total = lineside.money("10", "EUR")}, {idempotency_key = "0190-once"}
  equal(portal:create_payment(request, once), portal:create_payment(request, once))
  equal(#portal:list_payments("acme").items, 1)
end)

claim("an import tells how far it is and what it refused", function(_, folder)
  local rows = {"call_id,account_id,start_time,duration_ms"}
  for i = 1, 50 do
    rows[#rows + 1] = ("%d,acme,%s,0"):format(i, lineside.format_time(check.START + i * 1000))
  end
  rows[#rows + 1] = "bad,acme,yesterday,0\n"
  local data = table.concat(rows, "\n")
  local file = assert(io.open(folder .. "/calls.csv", "w"))
  file:write(data)
  file:close()
  local running <close> = check.running()
  for _, portal in ipairs{check.near(), running.far} do
    local refusals, told = {}, 0
    local report = portal:import_file(folder .. "/calls.csv", {format = "lineside"}, {
      on_progress = function(progress)
        told = told + 1
        holds(progress.bytes <= #data)
      end,
      on_rejected = function(row) refusals[#refusals + 1] = {row.line, row.field} end,
    })
    equal({report.imported, report.rejected}, {50, 1})
    equal(refusals, {{52, "start_time"}})
    equal(portal:import_records{data = data, format = "lineside"}.duplicates, 50)
    refused("invalid_argument", "report_progress", portal.get_balance, portal, "acme", {on_progress = print})
    local bad = "call_id,account_id,start_time,duration_ms\n" .. ("bad,acme,yesterday,0\n"):rep(1000)
    local enough, heard = {}, 0
    local went, wrong = pcall(portal.import_records, portal, {data = bad, format = "lineside"}, {
      on_rejected = function()
        heard = heard + 1
        error(enough)
      end,
    })
    holds(not went and wrong == enough)
    equal(heard, 1)
    portal:close()
  end
end)

claim("people are reached through the outbox", function()
  local portal <close> = check.near{outbox = true}
  portal:create_contact{account = "acme", name = "A", email = "a@example.com", role = "administrator"}
  equal(portal:messages(), {})
  portal:request_password_reset("a@example.com")
  holds(portal:messages_descriptor() >= 0)
  local message = portal:messages()[1]
  equal({message.kind, message.value.to, lineside.type(message.value)}, {"mail", "a@example.com", "mail"})
  local token = ""
  for word in message.value.text:gmatch("%S+") do
    token = #word > #token and word or token
  end
  portal:reset_password{token = token, new_password = "correct horse battery"}
  local view = portal:signed_in{email = "a@example.com", password = "correct horse battery"}
  equal(view:who_am_i().kind, "contact")
  equal(#portal:messages(), 1) -- that it was changed
  equal(portal:messages(), {})
  local mute <close> = check.near()
  refused("invalid_argument", "outbox", mute.messages, mute)
end)

claim("live data comes as it changes", function()
  local running <close> = check.running()
  local far, server, engine = running.far, running.server, running.engine
  local kinds, watch = {}, nil
  local function ring(call_id)
    engine:report_call_events{events = {
      {kind = "started", source = "s", call_id = call_id, at = lineside.time(), account = "acme"},
    }}
  end
  watch = far:watch{account = "acme", topics = {"channels"}}
  for update in watch do
    kinds[#kinds + 1] = {update.kind, update.channels.in_use}
    equal(watch.position, update.position)
    if #kinds == 1 then
      ring("1")
    elseif #kinds == 2 then
      watch:close()
    end
  end
  equal(kinds, {{"snapshot", 0}, {"change", 1}})
  refused("cancelled", nil, watch.next, watch)

  -- A loop that is left closes its watch.
  local left
  for update in far:watch{account = "acme", topics = {"balance"}} do
    left = update
    break
  end
  equal(left.kind, "snapshot")
  local first = engine:watch{account = "acme", topics = {"channels"}}
  local position = first:next().position
  first:close()
  local second <close> = engine:watch{account = "acme", topics = {"channels"}, resume = position}
  equal(second.position, position)
  ring("2")
  equal(second:next().channels.in_use, 2)
  server:drain(0)
end)

claim("lists follow their updates", function()
  local portal <close> = check.near()
  local now, calls = lineside.time(), {}
  local watch <close> = portal:watch{account = "acme", topics = {"live_calls"}}
  local function tell(kind, call_id, at)
    portal:report_call_events{events = {
      {kind = kind, source = "s", call_id = call_id, at = at, account = "acme"},
    }}
  end
  local function ids()
    calls = lineside.live_calls(watch:next(), calls)
    local all = {}
    for _, call in ipairs(calls) do
      all[#all + 1] = call.call_id .. ":" .. call.state
    end
    return table.concat(all, " ")
  end
  tell("started", "b", now - 2000)
  equal(ids(), "b:ringing")
  tell("started", "c", now - 1000)
  equal(ids(), "b:ringing c:ringing")
  tell("started", "a", now - 3000)
  equal(ids(), "a:ringing b:ringing c:ringing")
  tell("answered", "b", now)
  equal(ids(), "a:ringing b:answered c:ringing")
  tell("ended", "b", now)
  equal(ids(), "a:ringing c:ringing")

  local update = {kind = "snapshot", summary = {rows = {{start = 2}, {start = 1, attempts = 1}}, gone = {}}}
  local rows = lineside.summary_rows(update, {{start = 9}})
  equal(rows, {{start = 1, attempts = 1}, {start = 2}})
  update = {kind = "change", summary = {rows = {{start = 2, attempts = 3}}, gone = {1}}}
  rows = lineside.summary_rows(update, rows)
  equal(rows, {{start = 2, attempts = 3}})
  equal(lineside.live_calls(update, calls), calls)
  equal(lineside.summary_rows({kind = "snapshot"}, rows), rows)
end)

claim("what no method asks can be sent", function()
  local running <close> = check.running()
  local far, server, engine = running.far, running.server, running.engine
  local answer = far:send{method = "GET", target = "/v1/accounts/acme"}
  equal(answer.status, 200)
  holds(answer.body:find('"acme"', 1, true))
  equal(far:send{target = "/v1/no_such"}.status, 404)
  refused("invalid_argument", nil, engine.send, engine, {target = "/"})
  server:reload_certificate()
end)

claim("servers and clients log into a queue", function()
  local engine <close> = check.near()
  local log = lineside.queue()
  local server <close> = engine:serve{operator_token = check.TOKEN, log = log}
  local far <close> = lineside.connect(server:url(), {token = check.TOKEN, log = log})
  equal(far:get_account("acme").id, "acme")
  local seen = {}
  while not (seen.served_request and seen.client_attempt) do
    for _, event in ipairs(log:take(5000)) do
      equal(event.kind, lineside.type(event.value))
      seen[event.kind] = event.value
    end
  end
  equal({seen.served_request.operation, seen.client_attempt.operation}, {"get_account", "get_account"})
  equal(seen.served_request.status, 200)
end)

claim("a store outlives its engine", function(_, folder)
  local path = folder .. "/store.db"
  do
    local portal <close> = lineside.open(path)
    portal:create_account{id = "acme"}
    refused("unavailable", nil, lineside.open, path)
  end
  local portal <close> = lineside.open(path)
  equal(portal:list_accounts().items[1].id, "acme")
end)

claim("a webhook's receiver checks its signature", function()
  -- The example of the standard-webhooks specification.
  local secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
  local headers = {
    ["Webhook-Id"] = "msg_p5jXN8AQM9LWM0D4loKWxJek",
    ["webhook-timestamp"] = "1614265330",
    ["WEBHOOK-SIGNATURE"] = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  }
  local body, now = '{"test": 2432232314}', {now = 1614265330000}
  equal(lineside.verify_webhook(secret, headers, body, now), 1614265330000)
  local signed = lineside.sign_webhook(secret, headers["Webhook-Id"], body, {at = now.now + 999})
  equal(signed["webhook-signature"], headers["WEBHOOK-SIGNATURE"])
  equal(lineside.verify_webhook(secret, signed, body, now), now.now)
  refused("invalid_argument", nil, lineside.sign_webhook, secret, "a.b", body)
  refused("unauthenticated", nil, lineside.verify_webhook, secret, headers, body .. " ", now)
  refused("unauthenticated", nil, lineside.verify_webhook, secret, headers, body)
  refused("invalid_argument", nil, lineside.verify_webhook, "no secret", headers, body, now)
end)

check.run(...)
