-- Every operation is asked once, and says what it should.

local check = require "check"
local lineside = require "lineside"

local claim, equal, holds = check.claim, check.equal, check.holds

local PASSWORD = "correct horse battery"
local mails = {}
local engine = check.near{outbox = true}
engine:create_account{id = "other", currency = "EUR"}

--- A portal that notes what it was asked, and of which type the answers are.
local names = {create_account = true, import_calls = true}
local function noting(portal)
  return setmetatable({}, {__index = function(_, name)
    local method, operation = portal[name], lineside.operations[name]
    return function(_, ...)
      local answer = method(portal, ...)
      if operation then
        names[name] = true
        equal(lineside.type(answer), operation.answer)
      end
      return answer
    end
  end})
end
local portal = noting(engine)

local function last_mail()
  for _, message in ipairs(engine:messages()) do
    mails[#mails + 1] = message.value
  end
  return mails[#mails]
end

local function longest_word(text)
  local longest = ""
  for word in text:gmatch("%S+") do
    longest = #word > #longest and word or longest
  end
  return longest
end

--- What an authenticator shows now (RFC 6238).
local function one_time_code(key)
  local tool <close> = assert(io.popen("oathtool --totp --base32 '" .. key .. "'"))
  return tool:read("l")
end

claim("accounts", function()
  equal(portal:get_account("acme").currency, "EUR")
  equal(portal:update_account{account = "acme", name = "Acme", no_channel_limit = true}.channel_limit, nil)
  equal(portal:list_accounts().items[2].id, "other")
end)

claim("calls and their numbers", function(_, folder)
  equal(portal:import_records{data = "call_id,account_id,start_time\n", format = "lineside"}.read, 0)
  holds(portal:query_calls{account = "acme", filter = "unanswered", limit = 5}.next ~= "")
  local query = {account = "acme", metric = "charge", range = check.DAY, step = "day", zone = "UTC"}
  equal(portal:query_series(query).amount, {lineside.money("4.50", "EUR")})
  local summary = {account = "acme", period = "daily", range = check.DAY}
  equal(#portal:query_summary(summary).rows, 1)
  equal(portal:query_statistics{summary = summary, column = "asr"}.true_average, "75.00")
  local explained = portal:explain{account = "acme", metric = "asr", range = check.DAY, limit = 3}
  equal({explained.value, #explained.calls, explained.coverage[1].attempts_known}, {75.0, 3, true})
  equal(explained.range, check.DAY)
  local path = folder .. "/calls.csv"
  equal(portal:export_data{what = {calls = {account = "acme"}}, path = path}.rows, 120)
end)

local ann

claim("contacts", function()
  local made = portal:create_contact{
    account = "acme", name = "Ann", email = "ann@example.com", role = "administrator", password = PASSWORD,
    grants = {"view_calls"}, allowed_ips = {"127.0.0.0/8", "10.0.0.1"},
  }
  ann = {account = "acme", contact = made.id}
  local function about_ann(more)
    for name, value in pairs(ann) do
      more[name] = value
    end
    return more
  end
  equal(portal:get_contact(ann), made)
  equal({made.allowed_ips, made.grants}, {{"127.0.0.0/8", "10.0.0.1"}, {"view_calls"}})
  equal(portal:list_contacts("acme").items, {made})
  equal(portal:update_contact(about_ann{allowed_ips = {}}, {if_match = made}).allowed_ips, {})
  equal(portal:get_profile(ann).grants, made.grants)
  equal(portal:update_profile(about_ann{phone = "+49301234567"}).phone, "+49301234567")
  equal(portal:set_preferences(about_ann{language = "de"}).language, "de")
  holds(portal:send_verification(ann).expires_at > lineside.time())
  equal(last_mail().to, "ann@example.com")
  holds(portal:verify_contact(ann).email_verified)
end)

claim("who asks", function()
  local grant = portal:sign_in{email = "ann@example.com", password = PASSWORD}
  local view = noting(engine:as(grant.token))
  holds(#view:who_am_i().permissions > 0)
  equal(view:list_sessions().items[1].current, true)
  local password = PASSWORD .. " staple"
  view:change_password{old_password = PASSWORD, new_password = password}
  local enrolled = view:enrol_two_factor{password = password}
  equal(enrolled.uri:match("^otpauth://totp/"), "otpauth://totp/")
  equal(enrolled.qr_png:sub(1, 8), "iVBORw0K") -- the first bytes of every PNG, in base64
  local codes = view:confirm_two_factor{code = one_time_code(enrolled.key)}.codes
  equal(#codes, 10)
  codes = view:renew_recovery_codes{password = password, code = codes[1]}.codes
  view:disable_two_factor{password = password, code = codes[1]}
  local key = view:create_key{name = "crm", scopes = {"view_calls"}, password = password}
  equal(engine:as(key.text):who_am_i().permissions, {"view_calls"})
  holds(view:rotate_key{key = key.key.id, password = password, overlap = 0}.text ~= key.text)
  view:revoke_key{key = key.key.id}
  equal(view:list_keys().items[1].revoked, true)
  equal(view:sign_out().ended, 1)
  portal:set_password{account = "acme", contact = ann.contact, password = PASSWORD}
  last_mail()
  portal:request_password_reset("ann@example.com")
  portal:reset_password{token = longest_word(last_mail().text), new_password = PASSWORD}
end)

claim("the dashboard", function()
  equal(portal:get_checklist{account = "acme", contact = ann.contact, language = "de"}.language, "de")
  local layout = portal:get_layout(ann)
  layout.widgets = {{id = "w", kind = "graph", metric = "asr", width = 4, height = 2, range_hours = 24}}
  equal(portal:set_layout(layout).widgets[1].metric, "asr")
  equal(portal:reset_layout(ann).customised, false)
  local branding = portal:get_branding("portal.example")
  branding.domain, branding.languages = "portal.example", {"en", "de"}
  local made = portal:set_branding(branding)
  equal(portal:list_brandings().items, {made})
end)

claim("money", function()
  local function total(amount)
    return {account = "acme", total = lineside.money(amount, "EUR")}
  end
  local paid = portal:create_payment(total "10")
  holds(portal:complete_payment{account = "acme", payment = paid.id}.completed_at)
  local announced = portal:announce_transfer(total "1.5")
  equal(portal:cancel_payment{account = "acme", payment = announced.id}.status, "cancelled")
  equal(portal:list_payments{account = "acme", status = "cancelled"}.items[1].id, announced.id)
  local balance = portal:get_balance("acme")
  equal({balance.amount, balance.time_to_zero}, {lineside.money("5.50", "EUR")})
end)

claim("channels", function()
  local now = lineside.time()
  local event = {
    kind = "started", source = "s", call_id = "1", at = now, account = "acme", rate = lineside.money("0.6", "EUR"),
  }
  equal(portal:report_call_events{events = {event}}.applied, 1)
  holds(portal:admit_call{account = "acme", source = "s", call_id = "2"}.admitted)
  equal(portal:get_channels("acme").in_use, 2)
  equal(#portal:list_live_calls("acme").items, 2)
  local snapshot = {source = "s", at = now + 60000, calls = {{account = "acme", call_id = "1"}}}
  equal(portal:report_live_calls(snapshot).confirmed, 1)
end)

claim("internal numbers", function()
  local numbering = portal:get_numbering()
  numbering.reserved = {{first = "1000", last = "1009"}}
  equal(portal:set_numbering(numbering).reserved, numbering.reserved)
  local block = portal:claim_block{account = "acme", range = {first = "2000", last = "2999"}}
  equal(block.range, {first = "2000", last = "2999"})
  local added = portal:add_block{account = "acme", size = 100}
  equal(portal:transfer_block{account = "acme", block = added.id, to = "other"}.account, "other")
  equal(portal:list_blocks("acme").items[1].id, block.id)
  local number = {account = "acme", number = "2005"}
  local extension = portal:claim_extension(number)
  equal(portal:transfer_extension(number).contact, "")
  equal(portal:list_extensions("acme").items, {extension})
  equal(portal:get_number_owner(number).state, "yours")
  equal(portal:get_utilisation("acme").used, 1)
  local rows = {number, {account = "acme", number = "2006"}}
  equal(portal:check_extensions{rows = rows}.collisions[1].reason, "already_yours")
  equal(portal:import_extensions{rows = {rows[2]}}.imported, 1)
  portal:release_extension(rows[2])
  portal:release_block{account = "acme", block = block.id, extensions = "release"}
end)

claim("alerts", function()
  local rule = portal:create_alert_rule{
    account = "acme", title = "ASR", area = "asr", op = "<", threshold = 90, recipients = {"noc@example.com"},
    quiet = {from_minute = 60, to_minute = 120},
  }
  equal({rule.quiet.from_minute, rule.quiet.to_minute}, {60, 120})
  rule.op = "<="
  rule = portal:update_alert_rule(rule)
  equal(portal:list_alert_rules("acme").items, {rule})
  equal(portal:test_alert_rule{account = "acme", rule = rule.id, delivery = "send"}.recipients, {"noc@example.com"})
  local reached = {}
  local replayed = portal:backtest_alert_rule({rule = rule, range = check.DAY}, {
    on_progress = function(at) reached[#reached + 1] = at end,
  })
  holds(replayed.fired > 0)
  equal(replayed.range, check.DAY)
  for _, at in ipairs(reached) do
    equal(math.type(at), "integer")
  end
  local grant = portal:create_webhook{account = "acme", url = "https://hooks.example/in", events = {"alert.fired"}}
  equal(portal:list_webhooks("acme").items[1].events, {"alert.fired"})
  portal:delete_webhook{account = "acme", webhook = grant.webhook.id}
  holds(portal:run_due_work().evaluated > 0)
  local tested = false
  for event in portal:alert_events("acme") do
    tested = tested or event.kind == "tested"
  end
  holds(tested and portal:list_alert_events("acme"))
  local delivery = portal:list_deliveries("acme").items[1]
  equal(delivery.to, "noc@example.com")
  equal(portal:replay_delivery{account = "acme", delivery = delivery.id}.id, delivery.id)
  portal:delete_alert_rule{account = "acme", rule = rule.id}
end)

claim("what happened", function(_, folder)
  local created = false
  for _, entry in ipairs(portal:list_access_log{account = "acme", limit = 500}.items) do
    created = created or entry.action == "create_contact"
  end
  holds(created)
  holds(portal:verify_access_log("acme").intact)
  local review = portal:get_review{account = "acme", at = check.START + 24 * check.HOUR}
  equal(review.html:sub(1, 2), "<!")
  local records = folder .. "/theirs.csv"
  local hour = {from = check.START, to = check.START + check.HOUR}
  portal:export_data{what = {calls = {account = "acme", range = hour}}, path = records}
  local report = portal:compare_calls{
    account = "acme",
    ours = {},
    theirs = {records = {path = records, format = "lineside"}},
    evidence_path = folder .. "/evidence.csv",
    tolerance = {start_ms = 1000},
  }
  equal({report.matched, report.difference.calls, #report.hours}, {60, 60, 1})
end)

claim("all of them were asked", function()
  local missing = {}
  for name in pairs(lineside.operations) do
    if not names[name] and name ~= "send" then
      missing[#missing + 1] = name
    end
  end
  table.sort(missing)
  equal(missing, {})
end)

check.run(...)
