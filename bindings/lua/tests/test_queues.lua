-- Calls that complete into a queue, for coroutines and event loops.

local check = require "check"
local lineside = require "lineside"

local claim, equal, holds, refused = check.claim, check.equal, check.holds, check.refused

claim("a call that was started brings its answer, or what went wrong, under its tag", function()
  local running <close> = check.running()
  for _, portal in ipairs{running.engine, running.far} do
    local queue, wanted = lineside.queue(), {}
    for i = 1, 50 do
      local account, answer = "acme", "acme"
      if i % 2 == 0 then
        account, answer = "nobody", "not_found"
      end
      wanted[portal:start("get_account", account, queue)] = answer
    end
    while next(wanted) do
      for _, event in ipairs(queue:take(nil, 7)) do
        equal(event.kind, "answer")
        equal(event.error and event.error.code or event.value.id, wanted[event.tag])
        wanted[event.tag] = nil
      end
    end
    equal(queue:take(0), {})
    equal(queue:in_flight(), 0)
  end
end)

claim("a request that is wrong is refused at once, and nothing completes", function()
  local portal <close> = check.near()
  local queue = lineside.queue()
  refused("invalid_argument", "acount", portal.start, portal, "get_account", {acount = "acme"}, queue)
  refused("invalid_argument", "key", portal.start, portal, "get_account", "acme", queue, {key = "x"})
  equal(queue:in_flight(), 0)
end)

claim("a descriptor tells an event loop when to look", function()
  local portal <close> = check.near()
  local queue = lineside.queue()
  local descriptor = queue:descriptor()
  holds(math.type(descriptor) == "integer" and descriptor > 2)
  equal(queue:descriptor(), descriptor)
  portal:start("get_account", "acme", queue)
  equal(#queue:take(), 1)
end)

claim("coroutines wait for answers side by side", function()
  local running <close> = check.running()
  local queue, waiting = lineside.queue(), {}

  local function ask(portal, operation, request)
    waiting[portal:start(operation, request, queue)] = coroutine.running()
    local event = coroutine.yield()
    if event.error then
      error(event.error, 0)
    end
    return event.value
  end

  local seen = {}
  for i = 1, 10 do
    coroutine.wrap(function()
      local account = ask(running.far, "get_account", "acme")
      local went, failed = pcall(ask, running.engine, "get_account", "nobody")
      seen[#seen + 1] = {account.id, went, failed.code, i > 0}
    end)()
  end
  while next(waiting) do
    for _, event in ipairs(queue:take()) do
      local thread = waiting[event.tag]
      waiting[event.tag] = nil
      assert(coroutine.resume(thread, event))
    end
  end
  equal(#seen, 10)
  equal(seen[10], {"acme", false, "not_found", true})
end)

claim("blocking calls may be made in coroutines, and fail there", function()
  local portal <close> = check.near()
  local thread = coroutine.create(function()
    coroutine.yield(portal:get_account("acme").id)
    portal:get_account("nobody")
  end)
  equal(select(2, coroutine.resume(thread)), "acme")
  local went, failed = coroutine.resume(thread)
  equal({went, failed.code}, {false, "not_found"})
end)

claim("a call is cancelled by its tag", function()
  local portal <close> = check.near()
  local queue = lineside.queue()
  local watch <close> = portal:watch{account = "acme", topics = {"channels"}}
  watch:next()
  local tag = watch:start(queue)
  refused("conflict", nil, watch.next, watch)
  equal(queue:cancel(tag), 1)
  local event = queue:take()[1]
  equal({event.tag, event.error.code}, {tag, "cancelled"})
  equal(queue:cancel(tag), 0)
end)

claim("an update that timed out comes with the next read", function()
  local portal <close> = check.near()
  local watch <close> = portal:watch{account = "acme", topics = {"channels"}}
  equal(watch:next().kind, "snapshot")
  refused("timed_out", nil, watch.next, watch, 1)
  portal:report_call_events{events = {
    {kind = "started", source = "s", call_id = "1", at = lineside.time(), account = "acme"},
  }}
  equal(watch:next(60000).channels.in_use, 1)
end)

claim("progress and refused rows come as events before the answer", function()
  local portal <close> = check.near()
  local queue = lineside.queue()
  local data = "call_id,account_id,start_time,duration_ms\n" .. ("bad,acme,yesterday,0\n"):rep(3)
  local tag = portal:start("import_records", {data = data, format = "lineside", report_rejected = 2}, queue)
  local kinds = {}
  while kinds[#kinds] ~= "answer" do
    for _, event in ipairs(queue:take()) do
      equal(event.tag, tag)
      kinds[#kinds + 1] = event.kind
    end
  end
  equal(kinds, {"rejected_row", "rejected_row", "answer"})
end)


check.run(...)
