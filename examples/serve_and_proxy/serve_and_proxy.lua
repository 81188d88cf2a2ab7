-- serve_and_proxy: a server over an engine, a client of it, and a server over that client: a proxy, for free.
local lineside = require "lineside"

local KEY = "made-at-random-and-kept-secret-32b"

--- Whatever is written for a portal does not notice where it is.
local function show(where, portal)
  print(("%s: %s"):format(where, portal:get_account("harbour").name))
end

local near <close> = lineside.open()
near:create_account{id = "harbour", name = "Harbour Lines"}
show("here", near)

-- 127.0.0.1, a free port
local front <close> = near:serve{operator_token = KEY}
local far <close> = lineside.connect(front:url(), {token = KEY})
show("over HTTP", far)

local proxy <close> = far:serve{operator_token = KEY}
local farther <close> = lineside.connect(proxy:url(), {token = KEY})
show("through a proxy", farther)

-- A failure is the same failure everywhere.
local found, refused = pcall(farther.get_account, farther, "nobody")
if not found and refused.code == "not_found" then
  print("not found")
end
