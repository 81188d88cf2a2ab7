-- What is still held stays, whatever was closed, collected or left in flight before it.

local check = require "check"
local lineside = require "lineside"

local claim, equal, holds, refused = check.claim, check.equal, check.holds, check.refused

local function the_series(portal)
  return portal:series{
    account = "acme", step = "1h", zone = "UTC", range = {from = check.START, to = check.START + 2 * check.HOUR},
  }
end

claim("a column outlives its series and its portal", function()
  local columns = {}
  for i = 1, 20 do
    local portal <close> = check.near()
    columns[i] = the_series(portal).value
  end
  collectgarbage()
  collectgarbage()
  for i = 1, 20 do
    equal({columns[i][1], columns[i][2], #columns[i]}, {60.0, 60.0, 2})
  end
  getmetatable(columns[1]).__gc(columns[1])
  equal({#columns[1], columns[1][1]}, {0})
end)

claim("portals, views, servers and watches go in any order", function()
  for _, order in ipairs{{1, 2, 3, 4}, {4, 3, 2, 1}, {2, 4, 1, 3}, {3, 1, 4, 2}} do
    local things = {check.near()}
    things[2], things[3], things[4] = things[1]:as(), things[1]:serve(), (things[1]:watch("acme"))
    for _, i in ipairs(order) do
      things[i] = nil
      collectgarbage()
    end
  end
  for _ = 1, 3 do
    local portal = check.near()
    portal:close()
    portal:close()
    local server = check.near():serve()
    server:close()
    server:close()
    refused("unavailable", nil, server.port, server)
  end
end)

claim("a portal that nobody holds is closed", function(_, folder)
  local path = folder .. "/left.db"
  lineside.open(path):create_account{id = "acme"}
  collectgarbage()
  collectgarbage()
  local portal <close> = lineside.open(path)
  equal(portal:get_account("acme").id, "acme")
end)

claim("a view does not keep its engine open, and a server does", function()
  local portal = check.near()
  local view = portal:as()
  local server <close> = portal:serve{operator_token = check.TOKEN}
  portal:close()
  refused("unavailable", nil, portal.get_account, portal, "acme")
  local far <close> = lineside.connect(server:url(), {token = check.TOKEN})
  equal(far:get_account("acme").id, "acme")
  server:close()
  refused("unavailable", nil, view.get_account, view, "acme")
end)

claim("calls in flight end with their portal", function()
  local running <close> = check.running()
  local queue, tags = lineside.queue(), {}
  for _, portal in ipairs{running.engine, running.far} do
    local watch = portal:watch{account = "acme", topics = {"alerts"}}
    equal(watch:next().kind, "snapshot")
    tags[watch:start(queue)] = "watch"
    for _ = 1, 20 do
      tags[portal:start("verify_access_log", "acme", queue)] = "call"
      local import = {data = "call_id,account_id,start_time\n", format = "lineside"}
      tags[portal:start("import_records", import, queue)] = "call"
    end
  end
  running.far:close()
  running.server:close()
  running.engine:close()
  local ended = 0
  while next(tags) do
    for _, event in ipairs(queue:take()) do
      if event.kind == "answer" then
        holds(tags[event.tag] == "call" or event.error)
        tags[event.tag] = nil
        ended = ended + 1
      end
    end
  end
  equal({ended, queue:in_flight()}, {82, 0})
end)

claim("a queue may go before its calls, and what they read stays", function()
  local portal <close> = check.near()
  for round = 1, 20 do
    local rows = {"call_id,account_id,start_time,duration_ms"}
    for i = 1, 500 do
      rows[#rows + 1] = ("%d-%d,acme,%s,0"):format(round, i, lineside.format_time(check.START + i))
    end
    local request = {data = table.concat(rows, "\n"), format = "lineside"}
    portal:start("import_records", request, lineside.queue())
    request.data = nil
    rows = nil
    collectgarbage()
  end
  equal(portal:get_account("acme").id, "acme")
end)

claim("a program may end with everything open", function(_, folder)
  local script = folder .. "/left_open.lua"
  local file = assert(io.open(script, "w"))
  file:write([[
    local check = require "check"
    local lineside = require "lineside"
    engine = check.near{outbox = true}
    server = engine:serve{operator_token = check.TOKEN}
    far = lineside.connect(server:url(), {token = check.TOKEN})
    queue = lineside.queue()
    for _, portal in ipairs{engine, far} do
      portal:start("list_accounts", {}, queue)
      watch = portal:watch{account = "acme", topics = {"alerts"}}
      watch:next()
      watch:start(queue)
    end
    column = engine:series{account = "acme", range = check.DAY}.value
    io.write("here")
  ]])
  file:close()
  local lua, i = arg[-1], -2
  while arg[i] do
    lua, i = arg[i], i - 1
  end
  local ended <close> = assert(io.popen(("'%s' -W '%s' 2>&1; echo :$?"):format(lua, script)))
  equal(ended:read("a"), "here:0\n")
end)

claim("without descriptors there are no queues, and an error says so", function()
  local queues = {}
  local made, queue
  repeat
    made, queue = pcall(lineside.queue)
    queues[#queues + 1] = made and queue or nil
  until not made
  equal(queue.code, "unavailable")
  holds(#queues > 10)
  refused("unavailable", nil, lineside.open, nil, {outbox = true})
end)

--- Pages of memory that are in use, and the first descriptor that is free.
local function used()
  collectgarbage()
  collectgarbage()
  local statm <close> = assert(io.open("/proc/self/statm"))
  local _, resident = statm:read("n", "n")
  return resident, lineside.queue():descriptor()
end

claim("a thousand opens leave nothing", function()
  local function open_and_close(times)
    for _ = 1, times do
      local portal <close> = lineside.open()
      portal:create_account{id = "acme"}
      local column = portal:series{account = "acme", range = check.DAY}.value
      equal(#column, 24)
      pcall(portal.get_account, portal, "nobody")
    end
    return used()
  end
  local pages, descriptor = open_and_close(250)
  local pages_after, descriptor_after = open_and_close(1000)
  equal(descriptor_after, descriptor)
  holds(pages_after - pages < 256, ("%d pages more than %d"):format(pages_after - pages, pages))
end)

check.run(...)
