--- Lineside: a voice carrier's customer portal inside any program, near (an engine over a database in the process) or
--- far (a client over HTTPS).
---
---     local lineside = require "lineside"
---
---     local portal <close> = lineside.open("calls.db")
---     portal:import_file("cdr.csv.gz", {account = "acme"})
---     for call in portal:calls{account = "acme", order = "newest_first"} do print(call.cli, call.outcome) end
---
--- Requests and answers are tables with the members that lineside.h names. Times are milliseconds since 1970 (a request
--- also takes ISO 8601), lengths of time milliseconds, constants their texts, money {amount = "12.34", currency =
--- "EUR"}. What is unset is nil. Whatever fails raises a table with `code`, `message`, `field`, `request_id` and
--- `retryable`.

local core = require "lineside.core"

local described = core.describe()

local lineside = {
  version = core.version(),
  --- The texts of each enumeration, in their order: `lineside.constants.metric`.
  constants = described.constants,
  --- What each operation takes and gives: `lineside.operations.get_balance.answer` is "balance".
  operations = described.operations,
}

-- ---- Errors and values

local Error = {__name = "lineside.error"}

function Error:__tostring()
  local said = self.code .. ": " .. self.message
  return self.request_id and said .. " (request " .. self.request_id .. ")" or said
end

local Money = {__name = "lineside.money"}

function Money:__tostring()
  return self.currency == "" and self.amount or self.amount .. " " .. self.currency
end

function Money.__eq(one, other)
  return one.amount == other.amount and one.currency == other.currency
end

-- A value knows the name of its type, as __name.
local type_of = {[Money] = "money"}
local kinds = {error = Error, money = Money}
for _, name in ipairs(described.records) do
  kinds[name] = kinds[name] or {__name = "lineside." .. name}
  type_of[kinds[name]] = name
end
core.bind(kinds)

local function refuse(field, message)
  error(setmetatable({code = "invalid_argument", message = message, field = field, retryable = false}, Error), 0)
end

--- A whole number of the caller's.
local function whole(name, value, default)
  if value == nil then
    return default
  end
  return math.type(value) and math.tointeger(value) or refuse(name, name .. " is a whole number")
end

--- The name of a value's type: "account", "series" ...; nil: it did not come from here.
function lineside.type(value)
  return type_of[getmetatable(value)]
end

--- An exact amount: `lineside.money("12.34", "EUR")`.
function lineside.money(amount, currency)
  if math.type(amount) == "float" then
    refuse("amount", "money is exact: give a text or an integer, not a float")
  end
  return setmetatable({amount = tostring(amount), currency = currency or ""}, Money)
end

--- Milliseconds since 1970 of a text in ISO 8601; now without one, to the second.
function lineside.time(text)
  return text and core.parse_time(text) or os.time() * 1000
end

--- `2026-03-01T12:34:56.789Z`; with an offset from UTC in seconds local time and that offset.
function lineside.format_time(time, offset_s)
  return core.format_time(whole("time", time), whole("offset_s", offset_s, 0))
end

--- What a value looked like, for `if_match`: equal for equal values only.
function lineside.revision(value)
  local name = lineside.type(value) or refuse("if_match", "what did not come from Lineside has no revision")
  return core.revision_of{name, value}
end

-- ---- Queues

local next_tag = 0

--- Where calls complete that were started, for event loops: no thread but the caller's runs Lua.
local Queue = {__name = "lineside.queue"}
Queue.__index = Queue

-- What is reachable from here stays until the core has let go of its queue: the collector calls finalizers first.
function Queue.__gc() end

function lineside.queue()
  return setmetatable({core = core.queue(), kept = {}}, Queue)
end

--- Readable as long as an event waits.
function Queue:descriptor()
  return self.core:descriptor()
end

--- A list of events {tag, kind, value or error}: those that wait, at most `most`; where nothing does, the next that
--- comes within `timeout_ms` (without one: whenever it comes; 0: none). `kind` is "answer", which is the last event of
--- a call, "progress", "rejected_row", "served_request", "client_attempt" or "alert".
function Queue:take(timeout_ms, most)
  local events = self.core:take(whole("timeout_ms", timeout_ms, -1), whole("most", most, 64))
  for _, event in ipairs(events) do
    local release = event.kind == "answer" and self.kept[event.tag]
    if release then
      self.kept[event.tag] = nil
      release[event.tag] = nil
    end
  end
  return events
end

--- Stops the calls with a tag; they still complete, with "cancelled" unless it was too late. Says how many they were.
function Queue:cancel(tag)
  return self.core:cancel(whole("tag", tag))
end

function Queue:in_flight()
  return self.core:in_flight()
end

--- Waits for the one call on a queue, and gives its answer. `told`: functions by the kinds of events. What one of them
--- raises stops the call, and is raised once that has ended.
local function answer_of(queue, tag, told)
  local wrong
  while true do
    for _, event in ipairs(queue:take()) do
      if event.kind == "answer" then
        local failed = wrong or event.error
        if failed then
          error(failed, 0)
        end
        return event.value
      elseif told and told[event.kind] and not wrong then
        local went, raised = pcall(told[event.kind], event.value)
        if not went then
          wrong = raised
          queue:cancel(tag)
        end
      end
    end
  end
end

-- ---- Watches

--- A stream of what changes: first a snapshot of each topic, then one update after another. It keeps no queue: a slow
--- reader gets the newest value, and of alerts every event, once.
local Watch = {__name = "lineside.watch"}
Watch.__index = Watch

--- The next update. What timed out lost nothing: the next call gives the same.
function Watch:next(timeout_ms)
  local tag = self:start(self.queue, timeout_ms)
  local update = answer_of(self.queue, tag)
  self.position = update.position
  return update
end

--- Asks for the next update on a queue; gives the tag of its answer.
function Watch:start(queue, timeout_ms)
  next_tag = next_tag + 1
  self.core:start(whole("timeout_ms", timeout_ms, 0), queue.core, next_tag)
  return next_tag
end

--- For `for`: the loop ends when the watch is closed.
function Watch:__call()
  local went, update = pcall(self.next, self)
  if went then
    return update
  elseif self.closed and update.code == "cancelled" then
    return nil
  end
  error(update, 0)
end

--- Ends it, and the loop over it. A second time does nothing.
function Watch:close()
  self.closed = true
  self.core:close()
end
Watch.__close = Watch.close

-- ---- Servers

--- A portal on HTTP, on threads of its own until it is closed. Keeps its portal open.
local Server = {__name = "lineside.server"}
Server.__index = Server

--- "https://127.0.0.1:8443", with the host it listens on
function Server:url()
  return self.core:url()
end

function Server:port()
  return self.core:port()
end

--- 0: there is none
function Server:admin_port()
  return self.core:admin_port()
end

--- Accepts no more, lets requests that are being answered finish for `grace_ms`, then ends them. Waits for that.
function Server:drain(grace_ms)
  self.core:drain(whole("grace_ms", grace_ms, 10000))
end

--- Reads certificate and key again. Errors: invalid_argument; then the old ones stay.
function Server:reload_certificate()
  self.core:reload_certificate()
end

--- Ends every connection at once. A second time does nothing.
function Server:close()
  self.core:close()
end
Server.__close = Server.close
Server.__gc = Server.close

-- ---- Portals

--- Somebody's view of accounts, calls and their numbers, people, money and number blocks: the operator's, a contact's,
--- an API key's or nobody's. Every operation of `lineside.operations` is a method: `portal:operation(request,
--- options)`. Where a text stands for a request it is the first member: `portal:get_balance("acme")`.
---
--- Options are `timeout_ms` of the whole call, `idempotency_key`, which makes a call that is repeated happen once, and
--- `if_match`, a value as it was seen or its `lineside.revision`: then it is done only if the thing still is so.
--- `on_progress` and `on_rejected` are functions that imports, comparisons and back-tests tell on the way.
local Portal = {__name = "lineside.portal"}
Portal.__index = Portal

local OPTIONS = {timeout_ms = true, idempotency_key = true, if_match = true, on_progress = true, on_rejected = true}
local MOST_REJECTED = 1000000

local function terms(options)
  for name in pairs(options) do
    if not OPTIONS[name] then
      refuse(name, tostring(name) .. " is no option of a call")
    end
  end
  local key, seen = options.idempotency_key, options.if_match
  if type(seen) == "table" then
    seen = lineside.revision(seen)
  end
  for name, text in pairs{idempotency_key = key, if_match = seen} do
    if type(text) ~= "string" then
      refuse(name, name .. " is a text")
    end
  end
  return whole("timeout_ms", options.timeout_ms, 0), key, seen
end

--- A copy of a table and the tables in it.
local function copied(value)
  if type(value) ~= "table" then
    return value
  end
  local copy = {}
  for name, inner in next, value do
    copy[name] = copied(inner)
  end
  return copy
end

--- A copy of a request with `more` in it. A text is the member `first`.
local function with(request, first, more)
  local all = {}
  for name, value in next, type(request) == "table" and request or {[first] = request} do
    all[name] = value
  end
  for name, value in next, more do
    all[name] = value
  end
  return all
end

local function made(opened, kept)
  return setmetatable({core = opened, kept = kept}, Portal)
end

--- Begins a call that completes into a queue, and gives its tag.
function Portal:start(operation, request, queue, options)
  local known = described.operations[operation] or refuse("operation", "there is no operation " .. tostring(operation))
  next_tag = next_tag + 1
  local tag = next_tag
  local timeout, key, seen = terms(options or {})
  request = known.has_bytes and copied(request) or request
  self.core:start(operation, {known.request, request}, timeout, key, seen, queue.core, tag)
  if known.has_bytes then
    -- The core reads them until the call has ended, at the latest until the portal is closed.
    self.kept[tag], queue.kept[tag] = request, self.kept
  end
  return tag
end

--- A call that tells functions of the caller's how far it is. What they raise stops it.
local function telling(self, operation, request, options)
  local progress, rejected = options.on_progress, options.on_rejected
  request = with(request, "account", {
    report_progress = progress and true or nil,
    report_rejected = rejected and MOST_REJECTED or nil,
  })
  local queue = lineside.queue()
  local tag = self:start(operation, request, queue, options)
  return answer_of(queue, tag, {progress = progress, rejected_row = rejected})
end

local function call(self, operation, request_type, request, options)
  if options == nil then
    return self.core:call(operation, {request_type, request}, 0, nil, nil)
  end
  if options.on_progress or options.on_rejected then
    return telling(self, operation, request, options)
  end
  return self.core:call(operation, {request_type, request}, terms(options))
end

--- Goes through all pages of a list.
local function pages(self, operation, first, request, options)
  local asked = with(request, first, {})
  local items, at = {}, 0
  return function()
    while at == #items do
      if asked.cursor == "" then
        return nil
      end
      local page = self[operation](self, asked, options)
      items, at, asked.cursor = page.items, 0, page.next
    end
    at = at + 1
    return items[at]
  end
end

-- `get_account` is a method of that name. A list is also what comes after `list_` or `query_`, as an iterator over all
-- pages: `for payment in portal:payments("acme") do`; what else comes after `query_` is the operation itself:
-- `portal:series{}`.
for operation, known in pairs(described.operations) do
  Portal[operation] = function(self, request, options)
    return call(self, operation, known.request, request, options)
  end
end
for operation, known in pairs(described.operations) do
  local short = operation:match("^list_(.+)") or operation:match("^query_(.+)")
  if short and known.answer:find("_page$") then
    Portal[short] = function(self, request, options)
      return pages(self, operation, "account", request, options)
    end
  elseif short then
    Portal[short] = Portal[operation]
  end
end

--- Reads a file of a switch's call records, compressed or not, and stores the calls. `request` says more than the path.
function Portal:import_file(path, request, options)
  return self:import_records(with(request, "account", {path = path}), options)
end

--- The portal of whoever a token stands for, a session's or an API key's; nobody's without one: `portal:as(token)` or
--- `portal:as{token=, source_ip=, user_agent=}`. Asks nothing yet. It does not keep the engine or client open.
function Portal:as(credential)
  return made(self.core:as_whoever{"credential", credential}, self.kept)
end

--- Signs in and gives the portal of whoever that is. Takes the request of `sign_in`.
function Portal:signed_in(request)
  local grant = self:sign_in(request)
  return self:as{token = grant.token, source_ip = request.source_ip, user_agent = request.user_agent}
end

--- What changes in an account: `for update in portal:watch("acme") do`. Without `topics` all there are. The loop closes
--- the watch; else `local watch <close> = portal:watch("acme")`. `resume`: the `position` of the last update that was
--- handled.
function Portal:watch(request)
  local all = with(request, "account", {})
  all.topics = all.topics or described.constants.watch_topic
  local watch = setmetatable({
    core = self.core:open_watch{"watch_request", all},
    queue = lineside.queue(),
    position = all.resume or "",
    closed = false,
  }, Watch)
  return watch, nil, nil, watch
end

--- Puts the portal on HTTP. Takes the members of lineside_server_options, and `log`: a queue for the requests that were
--- served.
function Portal:serve(options)
  local all = with(options or {}, "listen", {})
  local log = all.log
  all.log = nil
  return setmetatable({core = self.core:serve({"server_options", all}, log and log.core), log = log}, Server)
end

--- Mails and text messages that wait to be sent, of an engine that was opened with `outbox = true`: a list of events
--- {kind, value}, where `kind` is "mail" or "text_message".
function Portal:messages(most)
  if self.outbox == nil then
    refuse("outbox", "this portal was opened without an outbox")
  end
  return self.outbox:take(whole("most", most, 64))
end

--- Readable as long as a message waits.
function Portal:messages_descriptor()
  if self.outbox == nil then
    refuse("outbox", "this portal was opened without an outbox")
  end
  return self.outbox:descriptor()
end

--- Cancels what is running, waits for it, and closes the engine or client; of a portal of somebody else, nothing but
--- that view of it. A server that stands on the portal keeps it open. A second time does nothing.
function Portal:close()
  self.core:close()
end
Portal.__close = Portal.close
Portal.__gc = Portal.close

--- An engine over a database file, made where there is none; without a path it lies in memory. Takes the members of
--- lineside_engine_options, and `outbox = true`: then people are reached through `portal:messages`.
function lineside.open(path, options)
  local all = with(options or {}, "database", {database = path and "sqlite:" .. path})
  local outbox = all.outbox and core.outbox() or nil
  all.outbox = nil
  local portal = made(core.open_engine({"engine_options", all}, outbox), {})
  portal.outbox = outbox
  return portal
end

--- A client of a server: `lineside.connect("https://portal.example", {token = ...})`. Takes the members of
--- lineside_client_options, and `log`: a queue for each attempt.
function lineside.connect(url, options)
  local all = with(options or {}, "token", {base_url = url})
  local log = all.log
  all.log = nil
  local portal = made(core.open_client({"client_options", all}, log and log.core), {})
  portal.log = log
  return portal
end

-- ---- Live lists

--- Brings `rows` up to date: what is `gone` goes, what is `told` comes or takes the place of what has its key.
local function follow(rows, is_whole, told, gone, key_of, comes_before)
  local replaced = {}
  for _, row in ipairs(gone) do
    replaced[key_of(row)] = true
  end
  for _, row in ipairs(told) do
    replaced[key_of(row)] = true
  end
  local all = {}
  for _, row in ipairs(is_whole and {} or rows) do
    if not replaced[key_of(row)] then
      all[#all + 1] = row
    end
  end
  table.move(told, 1, #told, #all + 1, all)
  table.sort(all, comes_before)
  return all
end

local function is_whole(update)
  return update.kind == "snapshot" or update.kind == "resync"
end

local function key_of_call(call)
  return ("%s\0%s\0%s"):format(call.source, call.call_id, call.branch)
end

local function starts_before(one, other)
  if one.started_at ~= other.started_at then
    return one.started_at < other.started_at
  end
  return key_of_call(one) < key_of_call(other)
end

--- The live calls `calls`, brought up to date, in the order of their starts: `calls = lineside.live_calls(update,
--- calls)`. An update of another topic changes nothing.
function lineside.live_calls(update, calls)
  local told = update.live_calls
  if told == nil then
    return calls
  end
  return follow(calls, is_whole(update), told.calls, told.ended, key_of_call, starts_before)
end

--- The Summary's hours `rows`, brought up to date, in order. An update of another topic changes nothing.
function lineside.summary_rows(update, rows)
  local told = update.summary
  if told == nil then
    return rows
  end
  local function start_of(row)
    return math.type(row) and row or row.start
  end
  return follow(rows, is_whole(update), told.rows, told.gone, start_of, function(one, other)
    return one.start < other.start
  end)
end

-- ---- Webhooks

--- Checks that a webhook's signing secret signed exactly this body, and not long ago; says when it was sent. `headers`
--- are the request's, whatever the case of their names. Options: `now` and `tolerance_ms`, five minutes. Errors:
--- unauthenticated (act as if nothing had come), invalid_argument (the secret is none).
function lineside.verify_webhook(secret, headers, body, options)
  options = options or {}
  local given = {}
  for name, value in pairs(headers) do
    given[name:lower()] = value
  end
  return core.verify_webhook(secret, given["webhook-id"] or "", given["webhook-timestamp"] or "",
    given["webhook-signature"] or "", body, whole("now", options.now, lineside.time()),
    whole("tolerance_ms", options.tolerance_ms, 300000))
end

--- The three headers of a webhook with this body, as a sender makes them: for tests of a receiver. Options: `at`, the
--- time. Errors: invalid_argument (the secret is none; the id is empty or has a full stop).
function lineside.sign_webhook(secret, id, body, options)
  local at = whole("at", options and options.at, lineside.time())
  return {
    ["webhook-id"] = id,
    ["webhook-timestamp"] = tostring(at // 1000),
    ["webhook-signature"] = core.sign_webhook(secret, id, at, body),
  }
end

return lineside
