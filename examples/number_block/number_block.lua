-- number_block: internal numbers for a customer, asked for twice as after a lost answer, and given out once.
local lineside = require "lineside"

local portal <close> = lineside.open()
for _, account in ipairs{"harbour", "quay"} do
  portal:create_account{id = account}
end

-- The key is made before the first attempt and kept with what the block is for.
local once = {idempotency_key = "harbour-front-desk-0001"}
local first = portal:add_block({account = "harbour", size = 100}, once)
local again = portal:add_block({account = "harbour", size = 100}, once)
print(("%s, and asked again %s"):format(first.id, again.id))

local desk = portal:claim_extension("harbour")
print(("extension %s"):format(desk.number))

-- What cannot be had says why, in words and by a stable name.
local wanted = {account = "quay", range = {first = "1050", last = "1059"}}
local done, refused = pcall(portal.claim_block, portal, wanted)
if not done and refused.code == "conflict" then
  print(("%s: %s"):format(refused.cause, refused.message))
end
local use = portal:get_utilisation("harbour")
print(("%d of %d in use"):format(use.used, use.numbers))
