-- embed: accounts, people and rights in a file of the program's own, without a network or a server.
local lineside = require "lineside"

local database = arg[2] .. "/portal.db"
local robin = {email = "robin@harbour.example", password = "correct horse battery staple"}

local token
do
  local portal <close> = lineside.open(database)
  portal:create_account{id = "harbour", name = "Harbour Lines"}
  portal:import_file(arg[1])
  portal:create_contact{
    account = "harbour", name = "Robin Example", email = robin.email, role = "manager", password = robin.password,
  }

  -- Signing in gives a token; the portal of whoever holds it sees what that one may.
  token = portal:sign_in(robin).token
end

-- Another run of the program: all of it is in the file.
local portal <close> = lineside.open(database)
local robins = portal:as(token)
local mine = robins:get_account() -- no id: one's own
print(("%s: %d calls on the first page"):format(mine.name, #robins:query_calls().items))
local done, refused = pcall(robins.create_account, robins, {id = "quay"})
if not done and refused.code == "permission_denied" then
  print("not permitted")
end
