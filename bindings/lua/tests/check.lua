--- What the tests share: a claim is a test, and a file of claims fails with those that do not hold.

local lineside = require "lineside"

local check = {}

local claims = {}

--- `work` gets the arguments of `check.run`.
function check.claim(name, work)
  claims[#claims + 1] = {name = name, work = work}
end

function check.run(...)
  local broken = 0
  for _, one in ipairs(claims) do
    local held, why = xpcall(one.work, function(wrong)
      return type(wrong) == "string" and debug.traceback(wrong, 2) or debug.traceback(tostring(wrong), 2)
    end, ...)
    print((held and "ok      " or "BROKEN  ") .. one.name)
    if not held then
      broken = broken + 1
      print(why)
    end
  end
  assert(#claims > 0, "a file of tests without any")
  os.exit(broken == 0, true)
end

local function shown(value)
  if type(value) ~= "table" or getmetatable(value) and getmetatable(value).__tostring then
    return type(value) == "string" and ("%q"):format(value) or tostring(value)
  end
  local members = {}
  for name, inner in pairs(value) do
    members[#members + 1] = ("%s = %s"):format(name, shown(inner))
  end
  table.sort(members)
  return "{" .. table.concat(members, ", ") .. "}"
end

local function same(one, other)
  if type(one) ~= "table" or type(other) ~= "table" then
    return one == other and math.type(one) == math.type(other)
  end
  for name, value in pairs(one) do
    if not same(value, other[name]) then
      return false
    end
  end
  for name in pairs(other) do
    if one[name] == nil then
      return false
    end
  end
  return true
end

--- Equal, through all tables; 1 and 1.0 are not.
function check.equal(got, expected)
  if not same(got, expected) then
    error(("%s is not the expected %s"):format(shown(got), shown(expected)), 2)
  end
end

function check.holds(truth, what)
  if not truth then
    error(what or "it does not hold", 2)
  end
end

--- The error that `work(...)` raises, which has a code and, if given, a field.
function check.refused(code, field, work, ...)
  local went, wrong = pcall(work, ...)
  if went then
    error("it was not refused", 2)
  elseif type(wrong) ~= "table" or wrong.code ~= code or (field and wrong.field ~= field) then
    local said = type(wrong) == "table" and tostring(wrong) .. " at " .. tostring(wrong.field) or tostring(wrong)
    error(("refused with %s and not %s at %s"):format(said, code, tostring(field)), 2)
  end
  return wrong
end

-- ---- What they work on

check.START = lineside.time("2026-03-01")
check.HOUR = 3600000
check.DAY = {from = check.START, to = check.START + 24 * check.HOUR}
--- Quick, and no safer than a test needs.
check.IDENTITY = {password_memory_kib = 64, password_passes = 1}
check.TOKEN = ("x"):rep(32)

--- One call a minute from START on; every fourth is not answered.
function check.calls(count)
  local all = {}
  for i = 0, count - 1 do
    local start, answered = check.START + i * 60000, i % 4 ~= 3
    all[#all + 1] = {
      source = "test",
      call_id = "c" .. i,
      account_id = "acme",
      start_time = start,
      answer_time = answered and start + 5000 or nil,
      end_time = start + 65000,
      duration_ms = answered and 60000 or 0,
      cli = "+49301234567",
      destination = "+4940765432",
      outcome = answered and "answered" or "busy",
      charge = lineside.money(answered and "0.05" or "0.00", "EUR"),
    }
  end
  return all
end

--- An engine with an account and two hours of calls.
function check.near(options)
  options = options or {}
  options.identity = check.IDENTITY
  local portal = lineside.open(nil, options)
  portal:create_account{id = "acme", currency = "EUR", time_zone = "Europe/Berlin", channel_limit = 30}
  portal:import_calls{calls = check.calls(120)}
  return portal
end

local Running = {__close = function(self)
  self.far:close()
  self.server:close()
  self.engine:close()
end}

--- The same behind a server: {far, server, engine}.
function check.running(options)
  local engine = check.near(options)
  local server = engine:serve{operator_token = check.TOKEN}
  local far = lineside.connect(server:url(), {token = check.TOKEN})
  return setmetatable({far = far, server = server, engine = engine}, Running)
end

return check
